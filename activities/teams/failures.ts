import type { FailureSpec } from '../failure-spec';

/** Why somebody was not told in Teams. */
export const teamsFailures = {
  TEAMS_UNREACHABLE: { retry: true, hint: 'Check MAINSTAY_TEAMS_WEBHOOK_URL and that Teams answers.' },
  TEAMS_BUSY: { retry: true, hint: 'Teams asks to try again later; that is being done.' },
  TEAMS_REFUSED: {
    retry: false,
    hint: 'Check that the workflow behind MAINSTAY_TEAMS_WEBHOOK_URL still exists, is turned on, and takes messages from anyone.',
  },
} as const satisfies Record<string, FailureSpec>;

export type TeamsFailureCode = keyof typeof teamsFailures;
