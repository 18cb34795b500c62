import type { FailureSpec } from '../failure-spec';

/** Why somebody was not told by ntfy. */
export const ntfyFailures = {
  NTFY_UNREACHABLE: { retry: true, hint: 'Check MAINSTAY_NTFY_URL and that the server answers.' },
  NTFY_BUSY: { retry: true, hint: 'The server asks to try again later; that is being done.' },
  NTFY_LOGIN_REJECTED: { retry: true, hint: 'Check MAINSTAY_NTFY_TOKEN.' },
  NTFY_REFUSED: {
    retry: false,
    hint: 'Check that MAINSTAY_NTFY_TOKEN may write to the topic of the Person document or of MAINSTAY_NTFY_TOPIC.',
  },
} as const satisfies Record<string, FailureSpec>;

export type NtfyFailureCode = keyof typeof ntfyFailures;
