import type { FeedStart } from '../live-feed';
import type { Caller } from './route';

/** The header is what a listener sends by itself when it comes back: it is newer than the address. */
export function feedStart(after: number, { signal, lastEventId }: Caller): FeedStart {
  const position = /^[0-9]{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : after;
  return { signal, after: position };
}
