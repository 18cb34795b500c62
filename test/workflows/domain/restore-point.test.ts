import fc from 'fast-check';

import { hourMs, minuteMs } from '../../../workflows/domain/duration';
import { chooseRestorePoint, restorePoints } from '../../../workflows/domain/restore-point';
import type { PointSet, Recoverable, RestoreWish } from '../../../workflows/domain/restore-point';

const nowMs = 100 * hourMs;

function at(hour: number, over: Partial<PointSet> = {}): PointSet {
  const atMs = hour * hourMs;
  return { id: `${hour}h`, atMs, kind: 'full', parent: '', owned: true, levels: { V0: 1, V1: 1 }, broken: '', ...over };
}

const sets = [at(10), at(50), at(30)];
const dumps: Recoverable = { sets, archivedUntilMs: null };
const archived: Recoverable = { sets, archivedUntilMs: 99 * hourMs };

test('R-DRILL-2: the timeline tells from where to where each backup reaches, newest first', () => {
  const unfit = {
    ...archived,
    sets: [at(10, { broken: 'a drill failed' }), at(30, { parent: '10h', kind: 'incremental' })],
  };

  expect(restorePoints(unfit)).toEqual([
    {
      id: '30h',
      kind: 'incremental',
      level: 'V1',
      earliestMs: 30 * hourMs,
      latestMs: 99 * hourMs,
      problem: '"10h", which it needs, is broken',
    },
    {
      id: '10h',
      kind: 'full',
      level: 'V1',
      earliestMs: 10 * hourMs,
      latestMs: 99 * hourMs,
      problem: 'a drill failed',
    },
  ]);
  expect(restorePoints(dumps).map(({ earliestMs, latestMs }) => latestMs - earliestMs)).toEqual([0, 0, 0]);
});

test.each<[string, Partial<PointSet>, string]>([
  ['needs one that is gone', { parent: 'gone' }, 'what it needs is not there'],
  ['is foreign', { owned: false }, 'it was not made by Mainstay'],
  ['is not verified', { levels: { V0: 1 } }, 'it is not at V1'],
])('R-BKP-7: a backup that %s is not gone back to by itself', (_what, over, problem) => {
  const recoverable = { ...dumps, sets: [at(10), at(50, over)] };

  expect(restorePoints(recoverable)[0]).toMatchObject({ id: '50h', problem });
  expect(chooseRestorePoint(recoverable, { set: null, targetMs: 0 }, nowMs)).toMatchObject({ point: { id: '10h' } });
});

const [asItIs, latest] = [0, -1];

test.each<[string, Recoverable, RestoreWish, string, number, number, string]>([
  [
    'the newest backup as it is',
    dumps,
    { set: null, targetMs: asItIs },
    '50h',
    50 * hourMs,
    0,
    'what was written in the last 2 d 2 h is lost',
  ],
  [
    'as late as can be: the end of the archive',
    archived,
    { set: null, targetMs: latest },
    '50h',
    99 * hourMs,
    0,
    'what was written in the last 1 h is lost',
  ],
  [
    'a point in time, from the newest backup before it',
    archived,
    { set: null, targetMs: 40 * hourMs },
    '30h',
    40 * hourMs,
    0,
    'what was written in the last 2 d 12 h is lost',
  ],
  [
    'the newest backup as it is, although its log goes on',
    archived,
    { set: null, targetMs: asItIs },
    '50h',
    50 * hourMs,
    0,
    'what was written in the last 2 d 2 h is lost',
  ],
  [
    'the last instant that is archived',
    archived,
    { set: null, targetMs: 99 * hourMs },
    '50h',
    99 * hourMs,
    0,
    'what was written in the last 1 h is lost',
  ],
  [
    'a point in time that only a backup before it comes near to',
    dumps,
    { set: null, targetMs: 40 * hourMs },
    '30h',
    30 * hourMs,
    10 * hourMs,
    'what was written in the last 2 d 22 h is lost; it is 10 h before the target',
  ],
  [
    'a named backup, although a newer one would do',
    dumps,
    { set: '10h', targetMs: asItIs },
    '10h',
    10 * hourMs,
    0,
    'what was written in the last 3 d 18 h is lost',
  ],
  [
    'a named backup that is newer than the target',
    dumps,
    { set: '50h', targetMs: 49 * hourMs + 30 * minuteMs },
    '50h',
    50 * hourMs,
    30 * minuteMs,
    'what was written in the last 2 d 2 h is lost; it is 30 min after the target',
  ],
  [
    'a broken one, for somebody who names it',
    { ...dumps, sets: [at(10, { broken: 'a drill failed' })] },
    { set: '10h', targetMs: asItIs },
    '10h',
    10 * hourMs,
    0,
    'what was written in the last 3 d 18 h is lost',
  ],
])('R-DRILL-2: %s', (_what, recoverable, wish, id, recoversToMs, missedMs, text) => {
  const choice = chooseRestorePoint(recoverable, wish, nowMs);

  expect(choice).toMatchObject({
    kind: 'chosen',
    point: { id },
    recoversToMs,
    loss: { sinceMs: nowMs - recoversToMs, missedMs, text },
  });
});

test('where everything up to now can be reached nothing is lost', () => {
  const choice = chooseRestorePoint({ sets, archivedUntilMs: nowMs }, { set: null, targetMs: latest }, nowMs);

  expect(choice).toMatchObject({ loss: { sinceMs: 0, text: 'nothing is lost' } });
});

test.each<[string, Recoverable, RestoreWish, string]>([
  [
    'a target after the end of the archive',
    archived,
    { set: null, targetMs: 99 * hourMs + 1000 },
    'Cannot recover "50h" to the target: it lies 1 s after the end of the archive',
  ],
  [
    'a target before the backup that was named',
    archived,
    { set: '50h', targetMs: 49 * hourMs },
    'Cannot recover "50h" to the target: it lies 1 h before what the backup holds',
  ],
  [
    'a target before all backups',
    archived,
    { set: null, targetMs: 9 * hourMs },
    'Cannot restore: the oldest good backup is 1 h younger than the target',
  ],
  ['a backup that is not known', dumps, { set: 'b7', targetMs: 0 }, 'Cannot restore backup "b7": it is not there'],
  [
    'anything where nothing is good',
    { ...dumps, sets: [] },
    { set: null, targetMs: 0 },
    'Cannot restore: no backup is good',
  ],
])('R-DRILL-2: refused is %s', (_what, recoverable, wish, reason) => {
  expect(chooseRestorePoint(recoverable, wish, nowMs)).toEqual({ kind: 'none', reason });
});

test('R-DRILL-2: with an archive a wish is met exactly, or refused', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(90), { maxLength: 8 }), fc.integer({ min: 1, max: 120 }), (hours, targetHour) => {
      const recoverable = {
        sets: hours.map((hour, index) => at(hour, { id: `${index}` })),
        archivedUntilMs: 95 * hourMs,
      };
      const targetMs = targetHour * hourMs;

      const choice = chooseRestorePoint(recoverable, { set: null, targetMs }, nowMs);

      const reachable = targetHour <= 95 && hours.some((hour) => hour <= targetHour);
      expect(choice.kind).toBe(reachable ? 'chosen' : 'none');
      if (choice.kind === 'chosen') expect(choice.recoversToMs).toBe(targetMs);
    }),
  );
});
