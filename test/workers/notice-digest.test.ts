import { composeChat } from '../../activities/chat/message';
import { composeMail } from '../../activities/mail/message';
import { composeMatrix } from '../../activities/matrix/message';
import type { NoticeMessage } from '../../activities/notice-message';
import { composeNotify } from '../../activities/notify/message';
import { composeNtfy } from '../../activities/ntfy/message';
import { composeTeams } from '../../activities/teams/message';
import type { NoticeRow } from '../../platform/store/outbox';
import { deliverDue } from '../../workers/courier';
import { composeDigest } from '../../workers/notice-digest';
import { readSubject } from '../../workers/notice-subject';
import type { NoticeSubject } from '../../workers/notice-subject';
import { pathOf } from '../../workers/notice-text';
import { channels, mostInDigest } from '../../workflows/domain/notice';
import type { Channel } from '../../workflows/domain/notice';
import { defaultPreferences } from '../../workflows/domain/notice-delivery';
import { changeOpened, changeScheduled } from '../platform/store/change-entries';
import { entry, runCreated, runEnded } from '../platform/store/entries';
import { openCourierScene } from '../support/courier-scene';
import type { CourierScene } from '../support/courier-scene';

let scene: CourierScene;
const now = Date.parse('2026-11-21T10:00:00Z');
const nextHour = now + 3_600_000;

beforeEach(async () => {
  scene = await openCourierScene();
  const by = { actor: 'user/anna', via: 'api', at: now };
  await scene.store.preferences.set('user/anna', { ...defaultPreferences, digest: 'hourly' }, by);
});

afterEach(() => scene.close());

async function schedule(number: number, requester = 'user/anna', title = `Change ${number}`): Promise<void> {
  const approved = { from: '', to: 'scheduled', event: 'approve', reason: 'approved', hash: '' };
  await scene.store.journal.append(`run/c${number}`, [
    changeOpened(number, { requester, title }),
    changeScheduled(),
    entry('change.state', approved, { at: now + number }),
  ]);
}

test('what can wait comes as one message an hour, with a line and a link for each, and all of it is journaled', async () => {
  for (const number of [1, 2, 3]) await schedule(number);
  await schedule(4, 'user/ben');
  const error = { code: 'X', message: 'x' };
  await scene.store.journal.append('run/r1', [runCreated({}, now), runEnded({ outcome: 'failed', error }, now)]);
  scene.setNow(now + 10);
  await scene.deliver();
  const atOnce = scene.told();
  scene.setNow(nextHour);
  await scene.deliver();

  expect(atOnce).toEqual(['change.scheduled Ben', 'run.failed Anna', 'run.failed Ben']);
  expect(scene.told()).toEqual(['digest Anna']);
  const digest = scene.sent.at(-1)?.message;
  expect(digest?.subject).toBe('3 pieces of news');
  expect(digest?.facts[0]).toEqual({
    name: 'Change 1 (CHG-1)',
    lines: [
      'a change has its time.',
      '2026-11-21 11:00 Europe/Berlin (2026-11-21 10:00 UTC)',
      'https://m.example/changes/CHG-1',
    ],
  });
  const sent = await scene.store.journal.read('system', { kinds: ['notice.sent'] });
  const ids = sent
    .map(({ payload }) => JSON.parse(payload ?? '{}'))
    .filter(({ recipient }) => recipient === 'user/anna');
  expect(ids.filter(({ messageId }) => messageId === digest?.reference)).toHaveLength(3);
});

test('a digest that may have gone is sent again under the same id, whatever has come since, and what is no longer so is left out', async () => {
  for (const number of [1, 2]) await schedule(number);
  scene.setNow(now + 10);
  await scene.deliver();
  scene.setNow(nextHour + 10);
  const settle = () => Promise.reject(new Error('the process is dead'));
  const dying = { ...scene.parts, store: { ...scene.store, notices: { ...scene.store.notices, settle } } };
  while ((await deliverDue(dying)) > 0);
  await schedule(3);
  const started = { from: '', to: 'cancelled', event: 'cancel', reason: 'no', hash: '' };
  await scene.store.journal.append('run/c2', [
    { ...entry('change.state', started, { key: 'cancel', at: nextHour }), actor: 'user/anna' },
  ]);

  scene.setNow(nextHour + 60_000);
  await scene.deliver();
  const again = scene.told();
  scene.setNow(nextHour + 3_600_000);
  await scene.deliver();

  const [first, second] = scene.sent.map(({ message }) => message);
  expect([first?.kind, again]).toEqual(['digest', ['change.scheduled Anna']]);
  expect(second?.messageId).toBe(first?.messageId);
  expect(scene.told()).toEqual(['change.scheduled Anna']);
  expect(scene.sent.at(-1)?.message.title).toBe('Change 3 (CHG-3)');
});

interface Told {
  readonly notice: NoticeRow;
  readonly subject: NoticeSubject;
}

const composed: { readonly [C in Channel]: (message: NoticeMessage) => object } = {
  mail: composeMail,
  chat: composeChat,
  teams: composeTeams,
  matrix: composeMatrix,
  ntfy: composeNtfy,
  webhook: composeNotify,
};

test.each(['x', '\u4E2D', '"', '<', "'"])(
  'no channel cuts a digest short, though titles are 300 times %s',
  async (letter) => {
    const numbers = Array.from({ length: mostInDigest.mail }, (_, index) => 10_001 + index);
    for (const number of numbers) await schedule(number, 'user/anna', letter.repeat(300));
    scene.setNow(now + 20_000);
    await scene.deliver();
    const notices = await scene.store.notices.take({ now: nextHour, leaseMs: 1_000, limit: 1 });
    const told: Told[] = [];
    for (const notice of notices) {
      const subject = await readSubject(scene.store, notice);
      if (subject !== null) told.push({ notice, subject });
    }
    const parts = { ...scene.parts, publicUrl: 'https://mainstay.operations.example.org' };
    const anna = await scene.parts.people.find('user/anna');
    const person = { ...anna, zone: 'America/Argentina/Buenos_Aires' };

    expect(told).toHaveLength(mostInDigest.mail);
    for (const channel of channels) {
      const [first, ...others] = told.slice(0, mostInDigest[channel]);
      if (first === undefined) throw new Error('nothing to be told');
      const carrier = { send: () => Promise.reject(new Error('nothing is sent')) };
      const message = await composeDigest(parts, [first, ...others], { person, carrier, to: 'anna@example.org' });

      const text = JSON.stringify(composed[channel](message));

      expect(text).not.toContain('more than fits');
      for (const { subject } of [first, ...others]) expect(text).toContain(`${parts.publicUrl}${pathOf(subject)}`);
    }
  },
);
