import { entry, hostEnded, runCreated, runEnded, stepEnded, stepStarted, taskOpened } from '../platform/store/entries';
import { changeOpened, changeScheduled } from '../platform/store/change-entries';
import { openCourierScene } from '../support/courier-scene';
import type { CourierScene } from '../support/courier-scene';

let scene: CourierScene;
const now = Date.parse('2026-11-21T10:00:00Z');
const error = { code: 'COMMAND_FAILED', message: 'exit code 1' };

beforeEach(async () => {
  scene = await openCourierScene();
});

afterEach(() => scene.close());

test('of a run that failed a message says what failed, on which hosts, and where to look, in the zone of the reader', async () => {
  await scene.store.journal.append('run/r1', [
    runCreated({ number: 7 }, now),
    stepStarted(),
    hostEnded('web2', { status: 'failed', error }),
    hostEnded('web1', { status: 'failed', error }),
    hostEnded('db1'),
    stepEnded({ status: 'failed', error, counts: { ok: 1, failed: 2, skipped: 0, unknown: 0 } }),
    runEnded({ outcome: 'failed', error }, now),
  ]);
  await scene.deliver();

  const message = scene.sent.find((each) => each.message.name === 'Anna')?.message;
  expect(message).toMatchObject({
    kind: 'run.failed',
    to: 'anna@example.org',
    subject: 'Failed: Upgrade (run 7)',
    opening: ['a run has failed.'],
    title: 'Upgrade (run 7)',
    link: 'https://m.example/runs/7',
    choices: [],
    replyTo: null,
    closing: [],
  });
  expect(message?.facts).toEqual([
    { name: 'Run', lines: ['7: Upgrade (upgrade 1.0.0)'] },
    { name: 'Outcome', lines: ['failed'] },
    { name: 'Error', lines: ['COMMAND_FAILED: exit code 1'] },
    { name: 'Failed steps', lines: ['install failed on 2 of 3 hosts: COMMAND_FAILED: exit code 1'] },
    { name: 'Failed on', lines: ['web1, web2'] },
    { name: 'Requested by', lines: ['user/anna'] },
    { name: 'Ended', lines: ['2026-11-21 11:00 Europe/Berlin (2026-11-21 10:00 UTC)'] },
  ]);
});

test('all messages about one thing are one thread, and each has an id of its own', async () => {
  const state = (event: string, to: string, at: number) =>
    entry('change.state', { from: '', to, event, reason: 'why', hash: '' }, { key: event, at });
  await scene.store.journal.append('run/c1', [
    changeOpened(1, { requester: 'user/anna' }),
    changeScheduled(),
    state('start', 'implementing', now),
  ]);
  await scene.deliver();
  await scene.store.journal.append('run/c1', [state('backedOut', 'backed-out', now)]);
  await scene.store.journal.append('run/r1', [runCreated({}, now), runEnded({ outcome: 'failed', error }, now)]);
  await scene.deliver();

  const messages = scene.sent.map((each) => each.message).filter(({ name }) => name === 'Anna');
  expect(messages.map(({ kind }) => kind).toSorted()).toEqual(['change.backed-out', 'change.started', 'run.failed']);
  expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(3);
  const threadOf = (kind: string) => messages.find((each) => each.kind === kind)?.threadId;
  expect(threadOf('change.started')).toBe(threadOf('change.backed-out'));
  expect(threadOf('run.failed')).not.toBe(threadOf('change.started'));
  expect(messages.find(({ kind }) => kind === 'change.backed-out')).toMatchObject({
    urgency: 'urgent',
    opening: ['a change was taken back: why.'],
    link: 'https://m.example/changes/CHG-1',
  });
});

test('that a change could not be taken back is said so, at any hour', async () => {
  const payload = { from: '', to: 'back-out-failed', event: 'fail', reason: 'web2 is gone', hash: '' };
  await scene.store.journal.append('run/c1', [
    changeOpened(1, { requester: 'user/anna' }),
    changeScheduled(),
    entry('change.state', payload, { key: 'fail', at: now }),
  ]);
  await scene.deliver();

  expect(scene.sent.map(({ message }) => message)).toMatchObject([
    {
      kind: 'change.back-out-failed',
      urgency: 'urgent',
      subject: 'Back-out failed: Change 1 (CHG-1)',
      opening: ['a change could not be taken back: web2 is gone.'],
    },
  ]);
});

test('a message about a task leads to its page, and tells how to answer where it offers no way itself', async () => {
  await scene.close();
  scene = await openCourierScene(['webhook']);
  await scene.store.journal.append('run/r1', [
    runCreated({}, now),
    taskOpened({ id: 'r1/undo', kind: 'undo-failed', priority: 1, candidates: ['team/web'] }, now),
  ]);
  await scene.deliver();

  expect(scene.sent[0]?.message).toMatchObject({
    kind: 'task.urgent',
    link: 'https://m.example/tasks/r1%2Fundo',
    closing: ['Answer in the console, or with the command line: task r1/undo.'],
  });
});
