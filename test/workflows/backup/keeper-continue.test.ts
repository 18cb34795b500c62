import fc from 'fast-check';

import type { BackupAction } from '../../../workflows/backup/messages';
import { knownSet, planInForce, start } from './bed';
import { dayMs, hourMs, KeeperBed } from './keeper-bed';
import type { Rhythm } from './keeper-bed';

const rhythms: readonly Rhythm[] = [
  { run: 'nightly', firstMs: hourMs, everyMs: 8 * hourMs },
  { run: 'drill', firstMs: 2 * hourMs, everyMs: 12 * hourMs },
];

const hold = { name: 'audit', kind: 'legal', untilMs: null, reason: 'audit 2026' } as const;

const acts: readonly (readonly [number, BackupAction])[] = [
  [2 * hourMs, { action: 'run', backup: null }],
  [3 * hourMs, { action: 'hold', set: 'bset1', hold }],
  [4 * hourMs, { action: 'forget' }],
  [2.1 * hourMs, { action: 'restore', set: 'bset1', targetMs: 0, over: false, reason: 'look' }],
  [5 * hourMs, { action: 'restore', set: null, targetMs: 0, over: false, reason: 'look' }],
  [9 * hourMs, { action: 'release', set: 'bset1', name: 'audit', reason: 'over' }],
  [20 * hourMs, { action: 'pause', reason: 'x' }],
  [30 * hourMs, { action: 'resume', reason: 'y' }],
  [31 * hourMs, { action: 'verify', set: null, level: 'V1', readPercent: 10 }],
];

/** Everything that a keeper does, in three days. */
async function play(suspendAt: (checkpoint: number) => boolean = () => false): Promise<KeeperBed> {
  const bed = new KeeperBed({
    rhythms,
    sets: [knownSet()],
    keepLast: 3,
    plan: {
      objectives: { rpoMs: 10 * hourMs, rtoMs: null },
      watch: { ...planInForce().watch, everyMs: 6 * hourMs },
    },
    course: (_operation, count) =>
      count % 7 === 3 ? { outcome: 'failed', reason: 'x', alarms: { space: 'low' } } : {},
    answers: [
      { task: 'release', by: 'user/bob', choose: 'approve', after: '30m' },
      { task: 'release', by: 'user/cem', choose: 'approve', after: '40m' },
      { task: 'manual', by: 'team/web', choose: 'acknowledge', after: '3h' },
    ],
    suspendAt,
  });
  for (const [at, action] of acts) bed.act(start + at, action);
  bed.down(start + 40 * hourMs, 13 * hourMs);
  return bed.play(3 * dayMs);
}

describe('a keeper that continues as new', () => {
  test('writes the same and starts the same, wherever it does', async () => {
    const whole = await play();
    const checkpoints = whole.clock.checkpoints;
    expect(whole.launched.length).toBeGreaterThanOrEqual(25);
    expect(whole.payloads('backup.released')).toHaveLength(1);
    expect(whole.payloads('task.closed').length).toBeGreaterThan(2);

    for (let at = 1; at <= checkpoints; at += 1) {
      const parted = await play((checkpoint) => checkpoint === at);
      expect(parted.journal).toEqual(whole.journal);
      expect(parted.launched).toEqual(whole.launched);
      expect(parted.replies).toEqual(whole.replies);
    }
  }, 180_000);

  test('does so however often', async () => {
    const whole = await play();

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 8 }), async (every) => {
        const parted = await play((checkpoint) => checkpoint % every === 0);
        expect(parted.journal).toEqual(whole.journal);
        expect(parted.launched).toEqual(whole.launched);
      }),
      { numRuns: 4 },
    );
  }, 180_000);
});
