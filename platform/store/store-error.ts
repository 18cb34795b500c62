/** Why the store refused, for callers that tell cases apart. */
export const storeFailures = {
  DEFINITION_TEXT_MISSING: {
    hint: 'The text of a published definition is gone from the store; restore the store from a backup.',
  },
  DIGEST_WRONG: { hint: 'A definition is published under the SHA-256 of its text.' },
  JOURNAL_CONFLICT: { hint: 'Two writers claim the same fact with different content; nothing was written.' },
  PAYLOAD_NOT_JSON: { hint: 'A payload may hold only what survives JSON unchanged.' },
  STORE_BUSY: { hint: 'Another process has held the write lock of the store file for too long; find it and end it.' },
  STORE_TOO_NEW: { hint: 'The store was migrated by a newer Mainstay; run that version or a later one.' },
} as const satisfies Record<string, { hint: string }>;

export type StoreFailureCode = keyof typeof storeFailures;

export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: StoreFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get hint(): string {
    return storeFailures[this.code].hint;
  }
}
