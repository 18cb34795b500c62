import type { CarrierResult, NoticeMessage } from '../../activities/notice-message';
import { deliverDue } from '../../workers/courier';
import type { CourierParts } from '../../workers/courier-parts';
import { defaultPreferences } from '../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../workflows/domain/notice-delivery';
import { changeOpened, changeScheduled } from '../platform/store/change-entries';
import { entry, runCreated, runEnded, taskOpened, voteCast } from '../platform/store/entries';
import { openCourierScene } from '../support/courier-scene';
import type { CourierScene } from '../support/courier-scene';

let scene: CourierScene;
const now = Date.parse('2026-11-21T10:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const error = { code: 'CORE_FAILED', message: 'on purpose' };

beforeEach(async () => {
  scene = await openCourierScene();
});

afterEach(() => scene.close());

async function prefer(chosen: Partial<NoticePreferences>, at = now): Promise<void> {
  const by = { actor: 'user/anna', via: 'api', at };
  await scene.store.preferences.set('user/anna', { ...defaultPreferences, ...chosen }, by);
}

async function failRunOfAnna(): Promise<void> {
  const definition = { name: 'x', version: '1.0.0', digest: 'd', title: 'X', owner: 'user/anna' };
  await scene.store.journal.append('run/r1', [
    runCreated({ requester: 'user/anna', definition }, now),
    runEnded({ outcome: 'failed', error }, now),
  ]);
}

async function deliverAll(parts: CourierParts): Promise<void> {
  while ((await deliverDue(parts)) > 0);
}

/** Every channel fails as often, and then takes everything. */
function failing(times: number, channel: 'mail' | 'ntfy' = 'mail'): CourierParts {
  let left = times;
  const carrier = scene.parts.carriers[channel];
  async function send(message: NoticeMessage): Promise<CarrierResult> {
    left -= 1;
    if (left >= 0) return { kind: 'failed', code: 'MAIL_UNREACHABLE', reason: 'down' };
    return (await carrier?.send(message)) ?? { kind: 'sent' };
  }
  return { ...scene.parts, carriers: { ...scene.parts.carriers, [channel]: { ...carrier, send } } };
}

async function attempts(): Promise<readonly number[]> {
  return (await scene.store.notices.list({ limit: 10 })).map((notice) => notice.attempts);
}

test('what has to be tried again waits for the end of quiet hours that have begun meanwhile, and that is no attempt', async () => {
  // 11:00 by the clock of anna, when it happens.
  await prefer({ quiet: { from: '11:01', to: '14:00' } });
  await failRunOfAnna();
  const parts = failing(1);
  await deliverAll(parts);
  for (let minute = 1; minute <= 175; minute += 30) {
    scene.setNow(now + minute * minuteMs);
    await deliverAll(parts);
  }
  const inQuiet = [...scene.sent];
  const taken = await attempts();

  scene.setNow(now + 3 * hourMs);
  await deliverAll(parts);

  expect(inQuiet).toEqual([]);
  expect(taken).toEqual([1]);
  expect(scene.sent.map(({ message }) => message.kind)).toEqual(['run.failed']);
});

test('what somebody has turned off since is not tried again', async () => {
  await failRunOfAnna();
  const parts = failing(1);
  await deliverAll(parts);
  await prefer({ kinds: { 'run.failed': 'off' } });

  scene.setNow(now + hourMs);
  await deliverAll(parts);

  expect(scene.sent).toEqual([]);
  expect((await scene.store.notices.list({ limit: 10 })).map(({ state }) => state)).toEqual(['dropped']);
});

test('who has chosen another channel since is told by that one, and not twice where they are told already', async () => {
  await scene.close();
  scene = await openCourierScene(['mail', 'webhook']);
  await failRunOfAnna();
  await prefer({ channels: ['mail'] });
  const parts = failing(1);
  await deliverAll(parts);
  await prefer({ channels: ['webhook'] });

  scene.setNow(now + hourMs);
  await deliverAll(parts);
  await deliverAll(parts);

  expect(scene.sent.map(({ channel }) => channel)).toEqual(['webhook']);
});

test('a question that is due before quiet hours end is asked within them', async () => {
  await prefer({ quiet: { from: '10:00', to: '20:00' } });
  const added = [{ person: 'user/anna', actor: 'user/anna' }];
  await scene.store.journal.append('run/r1', [
    runCreated({}, now),
    taskOpened({ id: 't1', openedAt: now, dueAt: now + hourMs }, now),
    entry('task.asked', { taskId: 't1', people: added, added }, { key: 'asked', at: now }),
  ]);

  await scene.deliver();

  expect(scene.told()).toEqual(['task.opened Anna']);
});

function counted(vote: string, actor: string, person: string) {
  const what = { kind: 'approval.vote-cast', vote, person, actor, via: 'cli', choice: 'approve', comment: '' } as const;
  const event = { ...what, at: now, hash: 'h1' };
  const payload = { path: 'approve', approval: 'a1', tasks: ['t1'], event };
  return entry('approval.event', payload, { key: `cast/${vote}`, at: now });
}

test.each([
  ['who has voted', { actor: 'user/anna' }, ['task.opened Ben', 'task.opened Ben']],
  [
    'on whose behalf somebody has voted',
    { actor: 'user/ben', onBehalfOf: 'user/anna' },
    ['task.opened Ben', 'task.opened Ben'],
  ],
  ['for whom a vote is there', { actor: 'user/ben', onBehalfOf: 'user/carl' }, ['task.opened Anna', 'task.opened Ben']],
] as const)('%s is not asked any more, though the vote may be taken back', async (_, vote, expected) => {
  const people = [
    { person: 'user/anna', actor: 'user/anna' },
    { person: 'user/ben', actor: 'user/ben' },
    { person: 'user/carl', actor: 'user/ben' },
  ];
  await scene.store.journal.append('run/r1', [
    runCreated({}, now),
    taskOpened({ id: 't1', openedAt: now, dueAt: null }, now),
    entry('task.asked', { taskId: 't1', people, added: people }, { key: 'asked', at: now }),
    voteCast('v1', vote, now),
    counted('v1', vote.actor, 'onBehalfOf' in vote ? vote.onBehalfOf : vote.actor),
    voteCast('not counted', { actor: 'user/ben' }, now),
  ]);

  await scene.deliver();

  expect(scene.told()).toEqual(expected);
});

test('the journal names a message as its header does, and holds no token that votes', async () => {
  const parts = { ...scene.parts, mail: { from: 'mainstay@example.org', replyTo: 'approvals@example.org' } };
  const added = [{ person: 'user/anna', actor: 'user/anna' }];
  await scene.store.journal.append('run/r1', [
    runCreated({}, now),
    taskOpened({ id: 't1', openedAt: now, dueAt: null }, now),
    entry('task.asked', { taskId: 't1', people: added, added }, { key: 'asked', at: now }),
  ]);

  await deliverAll(parts);

  const [mail] = scene.sent.map(({ message }) => message);
  const token = mail?.messageId.split('@')[0] ?? '';
  expect(token).toMatch(/^[a-z2-7]{46}$/);
  const [entryOfIt] = await scene.store.journal.read('system', { kinds: ['notice.sent'] });
  expect(entryOfIt?.payload).not.toContain(token);
  expect(JSON.parse(entryOfIt?.payload ?? '{}').messageId).toBe(mail?.reference);
});

test('a message that cannot be made is tried for hours before it is given up', async () => {
  await failRunOfAnna();
  let isBroken = true;
  const people: CourierParts['people'] = {
    find: (reference) =>
      isBroken ? Promise.reject(new Error('Cannot read the document')) : scene.parts.people.find(reference),
  };
  const parts = { ...scene.parts, people };
  for (let minute = 0; minute < 2 * 60; minute += 1) {
    scene.setNow(now + minute * minuteMs);
    await deliverAll(parts);
  }
  isBroken = false;

  scene.setNow(now + 4 * hourMs);
  await deliverAll(parts);

  expect(await scene.journaled()).toEqual(['notice.sent user/anna']);
});

describe('of a digest', () => {
  beforeEach(async () => {
    await prefer({ digest: 'hourly' });
    for (const number of [1, 2, 3]) {
      const approved = { from: '', to: 'scheduled', event: 'approve', reason: 'approved', hash: '' };
      await scene.store.journal.append(`run/c${number}`, [
        changeOpened(number, { requester: 'user/anna' }),
        changeScheduled(),
        entry('change.state', approved, { at: now + number }),
      ]);
    }
    scene.setNow(now + 10);
    await scene.deliver();
    scene.setNow(now + hourMs);
  });

  function unreadable(isUnreadable: (id: string) => boolean): CourierParts {
    const { changes } = scene.store;
    const get: typeof changes.get = (id) =>
      isUnreadable(id) ? Promise.reject(new Error('Cannot read the change')) : changes.get(id);
    return { ...scene.parts, store: { ...scene.store, changes: { ...changes, get } } };
  }

  test.each(['c1', 'c2', 'c3'])(
    'all but the one that cannot be told are told: %s, which is told later',
    async (bad) => {
      await deliverAll(unreadable((id) => id === bad));
      const first = scene.sent.map(({ message }) => message);
      scene.setNow(now + 2 * hourMs);
      await scene.deliver();

      const second = scene.sent.slice(1).map(({ message }) => message);
      expect(first.map(({ kind, facts }) => [kind, facts.length])).toEqual([['digest', 2]]);
      expect(second.map(({ title }) => title)).toEqual([`Change ${bad.slice(1)} (CHG-${bad.slice(1)})`]);
      expect(second[0]?.messageId).not.toBe(first[0]?.messageId);
    },
  );

  test('everything stays one message when nothing can be read for a while', async () => {
    await deliverAll(unreadable(() => true));
    const before = [...scene.sent];

    scene.setNow(now + 2 * hourMs);
    await scene.deliver();

    expect(before).toEqual([]);
    expect(scene.told()).toEqual(['digest Anna']);
  });
});
