import type { BackupAction, BackupReply } from '../../../workflows/backup/messages';
import { knownSet, planInForce, start } from './bed';
import { dayMs, hourMs, KeeperBed } from './keeper-bed';
import type { KeeperBedOptions, Rhythm } from './keeper-bed';

const noWatch = { watch: { ...planInForce().watch, everyMs: 1_000 * dayMs } };
const nightly: Rhythm = { run: 'nightly', firstMs: hourMs, everyMs: dayMs };

function bedOf({ plan = {}, ...options }: KeeperBedOptions = {}): KeeperBed {
  return new KeeperBed({ sets: [knownSet()], ...options, plan: { ...noWatch, ...plan } });
}

async function replyTo(action: BackupAction, options: KeeperBedOptions = {}): Promise<[KeeperBed, BackupReply | null]> {
  const bed = bedOf(options);
  const id = bed.act(start + 1_000, action);
  await bed.play(hourMs);
  return [bed, bed.replies.get(id) ?? null];
}

describe('an act', () => {
  test.each<[BackupAction, object]>([
    [
      { action: 'run', backup: null },
      { kind: 'backup', backup: 'nightly', wanted: 'full', slotMs: null },
    ],
    [
      { action: 'run', backup: 'nightly' },
      { kind: 'backup', backup: 'nightly' },
    ],
    [
      { action: 'verify', set: null, level: 'V1', readPercent: 5 },
      { kind: 'verify', set: 'bset1', readPercent: 5 },
    ],
    [
      { action: 'verify', set: 'bset1', level: 'V2', readPercent: 100 },
      { kind: 'verify', level: 'V2' },
    ],
    [
      { action: 'restore', set: null, targetMs: -1, over: true, reason: 'lost rows' },
      { kind: 'restore', set: null, targetMs: -1, over: true, reason: 'lost rows' },
    ],
    [
      { action: 'drill', set: null, seed: null, targetMs: 0 },
      { kind: 'drill', select: { how: 'latest' }, slotMs: null },
    ],
    [
      { action: 'drill', set: 'bset1', seed: 7, targetMs: 5 },
      { kind: 'drill', select: { how: 'specific', set: 'bset1' }, seed: 7, targetMs: 5 },
    ],
  ])('%p starts an operation in the name of whoever asked', async (action, work) => {
    const [bed, reply] = await replyTo(action);

    const launched = bed.launched[0];
    expect(reply).toEqual({ accepted: true, operation: launched?.operation.operation.id, warnings: [] });
    expect(launched?.operation.work).toMatchObject(work);
    expect(launched?.operation.operation.requester).toBe('user/ann');
    expect(bed.entries('backup.act')).toMatchObject([
      { actor: 'user/ann', via: 'cli', payload: { action: action.action, accepted: true } },
    ]);
  });

  test.each<[BackupAction, string, KeeperBedOptions]>([
    [{ action: 'run', backup: 'hourly' }, 'BACKUP_UNKNOWN', {}],
    [{ action: 'verify', set: null, level: 'V1', readPercent: 0 }, 'PERCENT_INVALID', {}],
    [{ action: 'verify', set: 'b7', level: 'V1', readPercent: 5 }, 'SET_NOT_FOUND', {}],
    [{ action: 'verify', set: null, level: 'V1', readPercent: 5 }, 'SET_NOT_FOUND', { sets: [] }],
    [{ action: 'restore', set: 'b7', targetMs: 0, over: false, reason: 'x' }, 'SET_NOT_FOUND', {}],
    [{ action: 'drill', set: 'b7', seed: 1, targetMs: 0 }, 'SET_NOT_FOUND', {}],
    [{ action: 'drill', set: null, seed: 1, targetMs: 0 }, 'DRILL_NOT_PLANNED', { plan: { drill: null } }],
    [{ action: 'resume', reason: 'x' }, 'PLAN_NOT_PAUSED', {}],
    [{ action: 'cancel', operation: 'b7', reason: 'x' }, 'OPERATION_NOT_QUEUED', {}],
    [{ action: 'hold', set: 'b7', hold: holdOf('plain') }, 'SET_NOT_FOUND', {}],
    [{ action: 'release', set: 'b7', name: 'audit', reason: 'x' }, 'SET_NOT_FOUND', {}],
    [{ action: 'release', set: 'bset1', name: 'audit', reason: 'x' }, 'HOLD_NOT_FOUND', {}],
  ])('%p is refused with %s, and starts nothing', async (action, code, options) => {
    const [bed, reply] = await replyTo(action, options);

    expect(reply).toMatchObject({ accepted: false, code });
    expect(bed.launched).toEqual([]);
  });

  test('that comes twice is one act', async () => {
    const bed = bedOf();
    const act = { id: 'a1', actor: 'user/ann', via: 'cli', action: 'run', backup: null } as const;
    bed.send(start, act);
    bed.send(start, act);
    bed.send(start + hourMs, act);

    await bed.play(2 * hourMs);

    expect(bed.launched).toHaveLength(1);
    expect(bed.payloads('backup.act')).toHaveLength(1);
    expect(bed.replies.get('a1')).toMatchObject({ accepted: true });
  });

  test('that waits for its turn says so', async () => {
    const bed = bedOf();
    bed.act(start, { action: 'run', backup: null });
    const second = bed.act(start + 1_000, { action: 'run', backup: null });

    await bed.play(hourMs);

    expect(bed.replies.get(second)).toMatchObject({ warnings: ['it begins when its turn comes'] });
    expect(bed.launched.map(({ at }) => at - start)).toEqual([0, 600_000]);
  });

  test('to a plan that is not published is refused', async () => {
    const bed = bedOf();
    bed.publish(start + hourMs, null);
    const id = bed.act(start + 2 * hourMs, { action: 'run', backup: null });

    await bed.play(3 * hourMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: false, code: 'PLAN_NOT_PUBLISHED' });
  });
});

describe('what waits for its turn', () => {
  /** Behind a backup that takes two hours. */
  async function cancelled(wait: (bed: KeeperBed) => string): Promise<readonly [KeeperBed, BackupReply | null]> {
    const bed = bedOf({
      rhythms: [nightly],
      course: ({ work }) => (work.kind === 'backup' ? { takesMs: 2 * hourMs } : {}),
    });
    bed.act(start, { action: 'run', backup: null });
    const waiting = wait(bed);
    await bed.play(1.5 * hourMs);
    const reply = bed.replies.get(waiting);
    const operation = reply?.accepted === true ? reply.operation : bed.state.queue.find(({ asked }) => !asked)?.id;
    const act = bed.act(start + 1.6 * hourMs, { action: 'cancel', operation: operation ?? '', reason: 'not now' });
    await bed.play(3 * hourMs);
    return [bed, bed.replies.get(act) ?? null];
  }

  test('and is called off begins only to say so, and gives its pins up (R-BKP-8)', async () => {
    const [bed, reply] = await cancelled((each) =>
      each.act(start + hourMs, { action: 'verify', set: 'bset1', level: 'V1', readPercent: 5 }),
    );

    const [verify, ...others] = bed.launchedOf('verify');
    expect(reply).toEqual({ accepted: true, operation: verify?.operation.operation.id, warnings: [] });
    expect(others).toEqual([]);
    expect(verify?.operation.calledOff).toBe('called off by user/ann: not now');
    expect((verify?.at ?? 0) - start).toBe(1.6 * hourMs);
    expect(bed.sets.flatMap(({ pins }) => pins)).toEqual([]);
    expect(bed.state).toMatchObject({ queue: [], running: [] });
  });

  test('for a slot and is called off is a slot that was not taken (R-TIME-7)', async () => {
    const [bed, reply] = await cancelled(() => '');

    expect(reply).toMatchObject({ accepted: true });
    expect(bed.payloads('backup.missed')).toEqual([
      { run: 'nightly', atMs: start + hourMs, policy: 'called off', taken: false },
    ]);
    expect(bed.launchedOf('backup').map(({ operation }) => operation.calledOff !== undefined)).toEqual([false, true]);
  });

  test('is not what has begun', async () => {
    const bed = bedOf();
    const run = bed.act(start, { action: 'run', backup: null });
    await bed.play(60_000);
    const begun = bed.replies.get(run);
    const operation = begun?.accepted === true ? (begun.operation ?? '') : '';
    const id = bed.act(start + 120_000, { action: 'cancel', operation, reason: '' });

    await bed.play(hourMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: false, code: 'OPERATION_NOT_QUEUED' });
    // Refused before it got in: a keeper that is asked for what is another's writes nothing.
    expect(bed.payloads('backup.act')).toHaveLength(1);
  });
});

describe('a pause', () => {
  test('lets nothing start by itself, and what people ask for all the same', async () => {
    const bed = bedOf({ rhythms: [nightly] });
    bed.act(start, { action: 'pause', reason: 'storage is moved' });
    bed.act(start + 2 * hourMs, { action: 'run', backup: null });
    bed.act(start + 3 * dayMs, { action: 'resume', reason: 'done' });

    await bed.play(4 * dayMs);

    expect(bed.launched.map(({ at }) => (at - start) / hourMs)).toEqual([2, 73]);
    expect(bed.payloads('backup.missed').map(({ policy, taken }) => [policy, taken])).toEqual(
      Array.from({ length: 3 }, () => ['paused', false]),
    );
    expect(bed.entries('backup.state').map(({ actor, payload }) => [actor, payload.state])).toEqual([
      ['user/ann', 'paused'],
      ['user/ann', 'resumed'],
    ]);
  });

  test('gives up what waits for its turn by itself', async () => {
    const bed = bedOf({ rhythms: [nightly], course: () => ({ takesMs: 2 * hourMs }) });
    bed.act(start, { action: 'run', backup: null });
    bed.act(start + 1.5 * hourMs, { action: 'pause', reason: 'x' });

    await bed.play(10 * hourMs);

    expect(bed.launched).toHaveLength(1);
    expect(bed.payloads('backup.missed')).toMatchObject([{ run: 'nightly', policy: 'paused', taken: false }]);
  });

  test('twice is refused', async () => {
    const bed = bedOf();
    bed.act(start, { action: 'pause', reason: 'x' });
    const id = bed.act(start + 1_000, { action: 'pause', reason: 'y' });

    await bed.play(hourMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: false, code: 'PLAN_PAUSED' });
  });
});

describe('a hold', () => {
  test('that is plain goes when somebody releases it (R-BKP-9)', async () => {
    const bed = bedOf();
    bed.act(start, { action: 'hold', set: 'bset1', hold: holdOf('plain') });
    const id = bed.act(start + hourMs, { action: 'release', set: 'bset1', name: 'audit', reason: 'over' });

    await bed.play(2 * hourMs);

    expect(bed.replies.get(id)).toEqual({ accepted: true, operation: null, warnings: [] });
    expect(bed.entries('backup.held')).toMatchObject([{ actor: 'user/ann' }]);
    expect(bed.payloads('backup.released')).toEqual([{ set: 'bset1', name: 'audit', reason: 'over' }]);
    expect(bed.sets[0]?.holds).toEqual([]);
  });

  test('that is plain ends by itself at its time, and a legal one does not (R-BKP-9)', async () => {
    const untilMs = start + dayMs;
    const bed = bedOf();
    bed.act(start, { action: 'hold', set: 'bset1', hold: { ...holdOf('plain'), untilMs } });
    bed.act(start, { action: 'hold', set: 'bset1', hold: { ...holdOf('legal'), name: 'court', untilMs } });

    await bed.play(3 * dayMs);

    expect(bed.entries('backup.released').map(({ at, payload }) => [at, payload.name])).toEqual([[untilMs, 'audit']]);
    expect(bed.sets[0]?.holds.map(({ name }) => name)).toEqual(['court']);
  });

  test('of the same name twice is refused', async () => {
    const bed = bedOf();
    bed.act(start, { action: 'hold', set: 'bset1', hold: holdOf('plain') });
    const id = bed.act(start + 1, { action: 'hold', set: 'bset1', hold: holdOf('legal') });

    await bed.play(hourMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: false, code: 'HOLD_EXISTS' });
  });
});

describe.each(['legal', 'permanent'] as const)('a %s hold', (kind) => {
  const sets = [knownSet({ holds: [{ ...holdOf(kind), by: 'user/law' }] })];

  function vote(by: string, after: string, choose = 'approve'): NonNullable<KeeperBedOptions['answers']>[number] {
    return { task: 'release', by, choose, after };
  }

  async function release(answers: KeeperBedOptions['answers'], suspendAt?: number): Promise<KeeperBed> {
    const bed = bedOf({
      sets,
      plan: { approvers: { restore: ['team/web'], holds: ['team/law'] } },
      ...(answers === undefined ? {} : { answers }),
      ...(suspendAt === undefined ? {} : { suspendAt: (checkpoint: number) => checkpoint === suspendAt }),
    });
    bed.act(start, { action: 'release', set: 'bset1', name: 'audit', reason: 'case closed' });
    return bed.play(20 * dayMs);
  }

  test('goes when two people are for it (R-BKP-9)', async () => {
    const bed = await release([vote('user/bob', '1h'), vote('user/cem', '3h')]);

    expect(bed.replies.get('act-1')).toMatchObject({ accepted: true, warnings: ['two people are asked: team/law'] });
    expect(bed.payloads('task.opened')).toMatchObject([{ kind: 'approval', min: 2, excludeRequester: true }]);
    expect(bed.entries('backup.released').map(({ at, payload }) => [at - start, payload.reason])).toEqual([
      [3 * hourMs, 'case closed (approved by user/bob, user/cem)'],
    ]);
    expect(bed.sets[0]?.holds).toEqual([]);
  });

  test.each([
    ['one person', [vote('user/bob', '1h')]],
    ['whoever asked and one other (R-SOD-1)', [vote('user/bob', '1h'), vote('user/ann', '2h')]],
    ['one for it and one against', [vote('user/bob', '1h'), vote('user/cem', '2h', 'reject')]],
    ['nobody', []],
  ])('stays with %s (R-BKP-9)', async (_name, answers) => {
    const bed = await release(answers);

    expect(bed.payloads('backup.released')).toEqual([]);
    expect(bed.sets[0]?.holds).toHaveLength(1);
  });

  test('is not asked about twice at a time', async () => {
    const bed = bedOf({ sets });
    bed.act(start, { action: 'release', set: 'bset1', name: 'audit', reason: 'x' });
    const id = bed.act(start + 1_000, { action: 'release', set: 'bset1', name: 'audit', reason: 'y' });

    await bed.play(hourMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: false, code: 'RELEASE_ASKED' });
  });

  test.each([1, 2, 3, 4, 5])('goes by the same votes when it continues as new at %d', async (suspendAt) => {
    const bed = await release([vote('user/bob', '1h'), vote('user/cem', '3h')], suspendAt);

    expect(bed.payloads('backup.released')).toHaveLength(1);
    expect(bed.payloads('task.opened')).toHaveLength(1);
  });
});

function holdOf<K extends 'legal' | 'permanent' | 'plain'>(
  kind: K,
): { readonly name: string; readonly kind: K; readonly untilMs: null; readonly reason: string } {
  return { name: 'audit', kind, untilMs: null, reason: 'audit 2026' };
}
