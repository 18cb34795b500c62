import type { FailureSpec } from '../failure-spec';

/** Why a message did not go out to the chat. */
export const chatFailures = {
  CHAT_UNREACHABLE: { retry: true, hint: 'Check MAINSTAY_CHAT_WEBHOOK_URL and that the chat answers.' },
  CHAT_REFUSED: { retry: false, hint: 'Check that the webhook still exists and takes messages with blocks.' },
} as const satisfies Record<string, FailureSpec>;

export type ChatFailureCode = keyof typeof chatFailures;
