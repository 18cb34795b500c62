import { defaultPreferences } from '../../workflows/domain/notice-delivery';
import { backupFact } from '../platform/store/backup-entries';
import { changeOpened, changeScheduled } from '../platform/store/change-entries';
import { entry, runCreated, runEnded, taskOpened, voteCast } from '../platform/store/entries';
import { openCourierScene } from '../support/courier-scene';
import type { CourierScene } from '../support/courier-scene';

let scene: CourierScene;
const now = Date.parse('2026-11-21T10:00:00Z');
const error = { code: 'CORE_FAILED', message: 'on purpose' };

beforeEach(async () => {
  scene = await openCourierScene();
});

afterEach(() => scene.close());

async function failRun(id: string, change: Parameters<typeof runCreated>[0] = {}): Promise<void> {
  await scene.store.journal.append(`run/${id}`, [
    runCreated({ number: Number(id.slice(1)), ...change }, now),
    runEnded({ outcome: 'failed', error }, now),
  ]);
}

function changeState(event: string, to: string, at = now, actor = 'engine') {
  return {
    ...entry('change.state', { from: '', to, event, reason: 'as planned', hash: '' }, { key: `${event}@${at}`, at }),
    actor,
  };
}

test('that a run has failed is told to its requester and to the team that owns its runbook, each once', async () => {
  await failRun('r1', { requester: 'user/anna' });
  await scene.deliver();

  expect(scene.told()).toEqual(['run.failed Anna', 'run.failed Ben']);
  expect(await scene.journaled()).toEqual(['notice.sent user/anna', 'notice.sent user/ben']);
});

test('a run that a hook requested concerns its owner alone, and a person who has left is not told', async () => {
  const definition = { name: 'x', version: '1.0.0', digest: 'd', title: 'X', owner: 'user/gone' };
  await failRun('r1', { requester: 'hook/released' });
  await failRun('r2', { requester: 'user/ben', definition });
  await scene.deliver();

  expect(scene.told()).toEqual(['run.failed Anna', 'run.failed Ben', 'run.failed Ben']);
});

test('what cannot be told to anybody it concerns is journaled', async () => {
  const definition = { name: 'x', version: '1.0.0', digest: 'd', title: 'X', owner: 'team/nobody' };
  await failRun('r1', { requester: 'user/eve', definition });
  await failRun('r2', { requester: 'service/backup', definition });
  await scene.deliver();

  expect(scene.told()).toEqual([]);
  expect(await scene.journaled()).toEqual(['notice.failed ADDRESS_UNKNOWN', 'notice.failed ADDRESS_UNKNOWN']);
});

test('a change is told to requester, assignees, implementers and who has voted, but not to who has done it', async () => {
  scene = await replaced({ 'team/dba': ['user/anna'] });
  const draft = { model: 'm', runbook: 'r', title: 'Upgrade', implementers: ['team/dba'] };
  await scene.store.journal.append('run/c1', [
    changeOpened(1, { requester: 'user/eve', draft }),
    changeScheduled({ assignees: ['user/gone'] }),
    taskOpened({ id: 'c1-1' }),
    voteCast('v1', { taskId: 'c1-1', actor: 'user/ben' }),
    changeState('start', 'implementing'),
  ]);
  await scene.deliver();
  const started = scene.told();
  await scene.store.journal.append('run/c1', [changeState('cancel', 'cancelled', now + 1, 'user/ben')]);
  scene.setNow(now + 1);
  await scene.deliver();

  expect(started).toEqual(['change.started Anna', 'change.started Ben']);
  expect(scene.told()).toEqual(['change.ended Anna']);
});

test('R-WIN-3: those whom a change concerns are told that its window was extended', async () => {
  await scene.store.journal.append('run/c1', [
    changeOpened(1, { requester: 'user/anna' }),
    changeScheduled(),
    changeState('start', 'implementing', now - 1),
  ]);
  await scene.store.journal.append('run/c1', [changeScheduled({ endMs: now + 3_600_000 }, now)]);
  await scene.deliver();

  const message = scene.sent.find((each) => each.message.kind === 'change.extended')?.message;
  expect(message).toMatchObject({ to: 'anna@example.org', subject: 'Extended: Change 1 (CHG-1)', urgency: 'normal' });
  expect(message?.facts).toContainEqual({
    name: 'Ends',
    lines: ['2026-11-21 12:00 Europe/Berlin (2026-11-21 11:00 UTC)'],
  });
});

test('the owner of a backup plan is told of its alarms and failed drills (R-RPO-2, R-DRILL-5)', async () => {
  await scene.store.journal.append('run/k1', [
    backupFact('backup.kept', { inForce: { owner: 'team/web' } }),
    backupFact('backup.alarm', {}, now),
  ]);
  await scene.store.journal.append('run/b1', [
    backupFact('backup.opened', { kind: 'drill', requester: 'user/ben' }),
    backupFact('backup.verdict', { verdict: 'FAIL', at: 'restore', reason: 'it did not start' }, now),
  ]);
  await scene.deliver();

  expect(scene.told()).toEqual(['backup.at-risk Anna', 'backup.at-risk Ben', 'drill.failed Anna', 'drill.failed Ben']);
  const drill = scene.sent.find((each) => each.message.kind === 'drill.failed')?.message;
  expect(drill?.facts).toContainEqual({ name: 'Verdict', lines: ['FAIL, at restore'] });
  expect(drill?.link).toBe('https://m.example/backup-operations/b1');
});

test('an alarm that has gone off again, and locks that were freed, are not told any more', async () => {
  await scene.store.journal.append('run/k1', [
    backupFact('backup.kept', { inForce: { owner: 'team/web' } }),
    backupFact('backup.alarm', {}, now),
    backupFact('backup.alarm', { active: false }, now),
  ]);
  await scene.store.locks.acquire({ runId: 'r1', path: 'a', names: ['x'], at: now });
  await scene.store.locks.orphan({ runId: 'r1', at: now });
  await scene.store.locks.free({
    name: 'x',
    by: 'user/ben',
    reason: 'looked at it',
    via: 'cli',
    at: now,
  });
  await scene.deliver();

  expect(scene.told()).toEqual([]);
  expect(await scene.journaled()).toEqual([]);
});

test('locks that are left behind are told to whom their run concerns, at any hour (D13)', async () => {
  const quiet = { from: '00:00', to: '16:00' };
  await scene.store.preferences.set(
    'user/anna',
    { ...defaultPreferences, quiet },
    { actor: 'user/anna', via: 'api', at: now },
  );
  await scene.store.journal.append('run/r1', [runCreated({}, now)]);
  await scene.store.locks.acquire({ runId: 'r1', path: 'a', names: ['service/shop', 'host/db1'], at: now });
  await scene.store.locks.orphan({ runId: 'r1', at: now });
  await scene.deliver();

  expect(scene.told()).toEqual(['lock.orphaned Anna', 'lock.orphaned Ben']);
  expect(scene.sent[0]?.message).toMatchObject({
    urgency: 'urgent',
    subject: 'Locks left behind: run 1',
    link: 'https://m.example/locks',
    facts: [
      { name: 'Locks', lines: ['host/db1, service/shop'] },
      { name: 'Run', lines: ['1: Upgrade (upgrade 1.0.0)'] },
    ],
  });
});

test('locks that a backup has left behind are told to the owner of its plan', async () => {
  await scene.store.journal.append('run/k1', [backupFact('backup.kept', { inForce: { owner: 'user/ben' } })]);
  await scene.store.journal.append('run/b1', [backupFact('backup.opened')]);
  await scene.store.locks.acquire({ runId: 'b1', path: 'a', names: ['host/db1'], at: now });
  await scene.store.locks.orphan({ runId: 'b1', at: now });
  await scene.deliver();

  expect(scene.told()).toEqual(['lock.orphaned Ben']);
  expect(scene.sent[0]?.message.subject).toBe('Locks left behind: backup of shop');
});

test('quiet hours put a message off until they are over, and what is turned off is dropped without a word', async () => {
  const by = { actor: 'user/anna', via: 'api', at: now };
  await scene.store.preferences.set('user/anna', { ...defaultPreferences, quiet: { from: '10:00', to: '12:00' } }, by);
  await scene.store.preferences.set('user/ben', { ...defaultPreferences, kinds: { 'run.failed': 'off' } }, by);
  await failRun('r1');
  await scene.deliver();
  const inQuiet = scene.told();
  scene.setNow(Date.parse('2026-11-21T11:00:00Z'));
  await scene.deliver();

  expect(inQuiet).toEqual([]);
  expect(scene.told()).toEqual(['run.failed Anna']);
  expect(await scene.journaled()).toEqual(['notice.sent user/anna']);
});

test('what happened long before anybody could be told is no news', async () => {
  await failRun('r1');
  scene.setNow(now + 3 * 24 * 3_600_000);
  await scene.deliver();

  expect(scene.told()).toEqual([]);
});

test('a run that was resumed and has succeeded before the message went out has not failed any more', async () => {
  await failRun('r1');
  await scene.store.journal.append('run/r1', [
    entry('run.started', { resumed: true }, { key: 'again', at: now + 1 }),
    runEnded({}, now + 2),
  ]);
  scene.setNow(now + 2);
  await scene.deliver();

  expect(scene.told()).toEqual(['run.recovered Anna', 'run.recovered Ben']);
});

async function replaced(teams: { readonly [name: string]: readonly string[] }): Promise<CourierScene> {
  await scene.close();
  return openCourierScene(['mail'], teams);
}
