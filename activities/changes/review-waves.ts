import type { JsonObject } from '../../workflows/domain/json';
import type { JournalPayloads } from '../../workflows/domain/journal';
import type { ReviewedEntry } from './review-draft';

type Units = NonNullable<JournalPayloads['change.planned']['units']>;

/** Each wave: how long it was predicted to take, how long it took, and how many of its hosts failed. */
export function wavesOf(ofChange: readonly ReviewedEntry[], ofRun: readonly ReviewedEntry[]): readonly JsonObject[] {
  const planned = ofChange.findLast((entry) => entry.kind === 'change.planned')?.payload.units ?? [];
  return ofRun.flatMap((entry) => {
    if (entry.kind !== 'wave.started') return [];
    const { path, wave, size } = entry.payload;
    const ended = ofRun.find((other) => isEndOf(other, { path, wave, after: entry.at }));
    const durationMs = ended === undefined ? null : ended.at - entry.at;
    const failed = ended?.kind === 'wave.ended' ? ended.payload.failed : null;
    const { p50Ms = null, p90Ms = null } = planned.find(isUnit(path, wave)) ?? {};
    const isLonger = durationMs !== null && p90Ms !== null && durationMs > p90Ms;
    const times = {
      startedAt: new Date(entry.at).toISOString(),
      durationMs,
      p50Ms,
      p90Ms,
      longerThanPlanned: isLonger,
    };
    return [{ path, wave, hosts: size, failed, ...times }];
  });
}

interface Wave {
  readonly path: string;
  readonly wave: number;
  readonly after: number;
}

function isEndOf(entry: ReviewedEntry, { path, wave, after }: Wave): boolean {
  return entry.kind === 'wave.ended' && entry.payload.path === path && entry.payload.wave === wave && entry.at >= after;
}

function isUnit(path: string, wave: number): (unit: Units[number]) => boolean {
  return (unit) => unit.path === path && unit.wave === wave;
}
