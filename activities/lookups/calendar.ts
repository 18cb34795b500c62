import type { Lookups } from '../../workflows/effects';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The same time of day so many calendar days later, in the zone: a day in spring may have 23 hours. */
export function calendarDue({ from, days, zone }: Lookups['calendarDue']['asked']): Lookups['calendarDue']['answer'] {
  const wanted = from + offsetMs(from, zone) + days * dayMs;
  // Twice: the first guess may lie on the other side of a change of the clock.
  const guess = wanted - offsetMs(wanted, zone);
  return { at: wanted - offsetMs(guess, zone) };
}

/** How far the zone's clock is ahead of UTC at an instant. */
function offsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const field = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const clock = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  );
  return clock - Math.floor(at / 1000) * 1000;
}
