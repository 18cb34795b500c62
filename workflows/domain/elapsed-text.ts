import { hourMs, minuteMs, secondMs } from './duration';

const dayMs = 24 * hourMs;

/** For reasons that people read: `3 d 4 h`, `2 h 5 min`, `1 min 20 s`, `4 s`; the two largest units, rounded down. */
export function elapsedText(ms: number): string {
  if (ms < 0) return `-${elapsedText(-ms)}`;
  if (ms < secondMs) return `${ms} ms`;
  const units = [
    [Math.floor(ms / dayMs), 'd'],
    [Math.floor((ms % dayMs) / hourMs), 'h'],
    [Math.floor((ms % hourMs) / minuteMs), 'min'],
    [Math.floor((ms % minuteMs) / secondMs), 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
