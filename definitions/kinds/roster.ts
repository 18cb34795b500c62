import { z } from 'zod';

import { parseDuration } from '../../workflows/domain/duration';
import { isLocalTime } from '../calendar/wall-time';
import { Person, PersonTime } from './person-fields';

const wanted = {
  start: 'a local time without a zone such as 2026-01-05T09:00',
  every: 'calendar days or weeks such as P1D, P1W',
} as const;

function isTurn(text: string): boolean {
  const parsed = parseDuration(text);
  return parsed.kind === 'days' && parsed.days > 0;
}

/** Who is on call, in turns: `on-call/<name of the roster>` stands for whoever it is at that instant. */
export const Roster = z.strictObject({
  /** Handovers are at the same time of its clocks all year. */
  zone: z.string().min(1),
  people: z.array(Person).min(1).max(500),
  /** When the first one's first turn begins. */
  start: z.string().refine(isLocalTime, wanted.start),
  every: z.string().refine(isTurn, wanted.every),
  /** Somebody else for a while; of two the later one in the list holds. */
  overrides: z
    .array(z.strictObject({ start: PersonTime, end: PersonTime, person: Person }))
    .max(1_000)
    .exactOptional(),
});
export type Roster = z.infer<typeof Roster>;
