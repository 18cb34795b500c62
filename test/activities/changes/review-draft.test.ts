import { draftReview } from '../../../activities/changes/review-draft';
import { entry, runCreated, runEnded, runStarted } from '../../platform/store/entries';
import { evening, hour, plan, useStore } from './bed';

const store = useStore();

function wave(kind: 'started' | 'ended', number: number, at: number) {
  const key = `wave.${kind}/${number}`;
  return kind === 'started'
    ? entry('wave.started', { path: 'deploy', wave: number, size: 2, hosts: ['a', 'b'] }, { key, at })
    : entry('wave.ended', { path: 'deploy', wave: number, failed: number - 1 }, { key, at });
}

test('draftReview() holds each wave against what was predicted, and the whole against its window (R-WIN-4)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'], phase: 'reviewing', endMs: evening + hour });
  const units = [1, 2].map((number) => ({ path: 'deploy', wave: number, p50Ms: 500, p90Ms: 1_000 }));
  const planned = { generation: 2, planHash: 'h', planDigest: 'd', definition: 'x@1.0.0', hosts: 2, items: [], units };
  await store().journal.append('run/c1', [entry('change.planned', planned)]);
  await store().journal.append('run/r1', [
    runCreated({}, evening),
    runStarted(false, evening + 60_000),
    wave('started', 1, evening + 60_000),
    wave('ended', 1, evening + 60_900),
    wave('started', 2, evening + 61_000),
    wave('ended', 2, evening + 63_000),
    runEnded({ outcome: 'succeeded', degraded: true, exceptions: ['deploy/host:b'] }, evening + 2 * hour),
  ]);

  const { draft } = await draftReview(store(), { changeId: 'c1', runId: 'r1' });

  expect(draft).toMatchObject({
    change: 'CHG-1',
    run: { number: 1, outcome: 'succeeded', degraded: true },
    time: {
      planned: { start: '2026-11-24T22:00:00.000Z', end: '2026-11-24T23:00:00.000Z' },
      actual: { start: '2026-11-24T22:01:00.000Z', end: '2026-11-25T00:00:00.000Z' },
      lateMs: 60_000,
      overrunMs: hour,
    },
    waves: [
      { wave: 1, hosts: 2, failed: 0, durationMs: 900, p50Ms: 500, p90Ms: 1_000, longerThanPlanned: false },
      { wave: 2, hosts: 2, failed: 1, durationMs: 2_000, longerThanPlanned: true },
    ],
  });
});

test('draftReview() names every target that is not done: each needs a ticket (R-ROLL-11)', async () => {
  await plan(store(), 'c1', { number: 1, items: [], phase: 'reviewing' });
  await store().journal.append('run/r1', [
    runCreated(),
    runEnded({ outcome: 'succeeded', degraded: true, exceptions: ['deploy/host:b', 'deploy/host:c'] }),
  ]);

  const { exceptions } = await draftReview(store(), { changeId: 'c1', runId: 'r1' });

  expect(exceptions).toEqual(['deploy/host:b', 'deploy/host:c']);
});

test('draftReview() tells who approved what when by which channel, and which vote did not count (R-APPR-4, R-APPR-9)', async () => {
  await plan(store(), 'c1', { number: 1, items: [], phase: 'reviewing' });
  const cast = { kind: 'approval.vote-cast', vote: 'v1', person: 'user/ben', actor: 'user/dora', via: 'mail' } as const;
  const events = [
    { at: 1, ...cast, choice: 'approve', comment: 'fine', hash: 'h1' },
    { at: 2, kind: 'approval.vote-voided', vote: 'v1', person: 'user/ben', reason: 'changed' },
    { at: 3, kind: 'approval.reminded', percent: 50, people: [] },
  ] as const;
  await store().journal.append(
    'run/c1',
    events.map((event) =>
      entry(
        'approval.event',
        { path: 'approval', approval: 'c1', tasks: [], event },
        { key: `e${event.at}`, at: event.at },
      ),
    ),
  );

  const { draft } = await draftReview(store(), { changeId: 'c1', runId: null });

  expect(draft).toMatchObject({
    approvals: [
      {
        what: 'vote',
        person: 'user/ben',
        actor: 'user/dora',
        via: 'mail',
        choice: 'approve',
        comment: 'fine',
        hash: 'h1',
      },
      { what: 'void', person: 'user/ben', reason: 'changed' },
    ],
  });
});

test('draftReview() tells what was decided on the way, and what was flagged (R-WIN-2, R-WIN-4)', async () => {
  await plan(store(), 'c1', { number: 1, items: [], phase: 'reviewing' });
  await store().journal.append('run/c1', [
    entry('change.duty', { question: 'window', choice: 'back-out', times: {} }, { at: 1 }),
    entry('change.steered', { action: 'backOut', wave: null, reason: 'T_decide' }, { at: 2 }),
    entry('change.flagged', { flag: 'overrun', reason: 'late' }, { at: 3 }),
  ]);

  const { draft } = await draftReview(store(), { changeId: 'c1', runId: null });

  expect(draft).toMatchObject({
    decisions: [{ choice: 'back-out' }, { action: 'backOut', reason: 'T_decide' }],
    flags: [{ flag: 'overrun', reason: 'late' }],
    run: null,
    waves: [],
  });
});

test('draftReview() cuts what there is too much of, and counts it: an answer is a part of the history (D5)', async () => {
  await plan(store(), 'c1', { number: 1, items: [], phase: 'reviewing' });
  const steps = Array.from({ length: 150 }, (_none, index) =>
    entry('change.steered', { action: 'wait', wave: index, reason: '' }, { key: `s${index}`, at: index }),
  );
  await store().journal.append('run/c1', steps);

  const { draft } = await draftReview(store(), { changeId: 'c1', runId: null });

  const decisions: unknown = typeof draft === 'object' && draft !== null ? Reflect.get(draft, 'decisions') : null;
  expect(Array.isArray(decisions) && [decisions.length, decisions.at(-1)]).toEqual([101, { more: 50 }]);
});
