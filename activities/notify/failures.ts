import type { FailureSpec } from '../failure-spec';

/** Why somebody was not told by the webhook for notices. */
export const notifyFailures = {
  NOTIFY_UNREACHABLE: { retry: true, hint: 'Check MAINSTAY_NOTIFY_WEBHOOK_URL and that its receiver answers.' },
  NOTIFY_BUSY: { retry: true, hint: 'The receiver asks to try again later; that is being done.' },
  NOTIFY_REFUSED: {
    retry: false,
    hint: 'Check MAINSTAY_NOTIFY_WEBHOOK_URL and MAINSTAY_NOTIFY_WEBHOOK_SECRET, and what the receiver says in its log.',
  },
} as const satisfies Record<string, FailureSpec>;

export type NotifyFailureCode = keyof typeof notifyFailures;
