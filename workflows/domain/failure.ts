/** Why a step or a host failed: what screens, `retry.on` and the journal carry. `code` stands in exactly one table. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly step?: string;
}
