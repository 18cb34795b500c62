import type { FailureSpec } from '../failure-spec';

/** Why somebody was not told in Matrix. */
export const matrixFailures = {
  MATRIX_UNREACHABLE: { retry: true, hint: 'Check MAINSTAY_MATRIX_URL and that the homeserver answers.' },
  MATRIX_BUSY: { retry: true, hint: 'The homeserver asks to try again later; that is being done.' },
  MATRIX_LOGIN_REJECTED: { retry: true, hint: 'Check MAINSTAY_MATRIX_TOKEN.' },
  MATRIX_REFUSED: {
    retry: false,
    hint: 'Check that the user of MAINSTAY_MATRIX_TOKEN is in the room of MAINSTAY_MATRIX_ROOM or of the Person document.',
  },
} as const satisfies Record<string, FailureSpec>;

export type MatrixFailureCode = keyof typeof matrixFailures;
