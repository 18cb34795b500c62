import { messageOf } from '../platform/system-error';
import type { NoticeFailure, NoticeRow } from '../platform/store/outbox';

/** Given up after some four hours. */
const mostAttempts = 10;
const firstDelayMs = 30_000;
const longestDelayMs = 60 * 60_000;

export function isLastAttempt(notices: readonly NoticeRow[]): boolean {
  return attemptsOf(notices) >= mostAttempts;
}

export function retryAt(notices: readonly NoticeRow[], now: number): number {
  return now + Math.min(longestDelayMs, firstDelayMs * 2 ** (attemptsOf(notices) - 1));
}

/** Why nothing became of it, where no channel has said so. */
export function broken(error: unknown): NoticeFailure {
  return { code: 'NOTICE_BROKEN', reason: messageOf(error) };
}

function attemptsOf(notices: readonly NoticeRow[]): number {
  return Math.max(...notices.map(({ attempts }) => attempts));
}
