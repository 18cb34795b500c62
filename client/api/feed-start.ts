import type { FeedStart } from '../live-feed';
import type { Caller } from './route';

/** The header is what a listener sends by itself when it comes back: it is newer than the address. */
export function feedStart(after: number, { signal, lastEventId }: Caller): FeedStart {
  return { signal, after: positionOf(lastEventId) ?? after };
}

/** Null: nothing that this API has given to anybody. */
export function positionOf(lastEventId: string | undefined): number | null {
  return /^[0-9]{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : null;
}
