import type { CarrierResult, NoticeMessage } from '../../activities/notice-message';
import { readToken } from '../../client/channels/token-vote';
import { createLogger } from '../../platform/logger';
import { deliverDue, startCourier } from '../../workers/courier';
import type { CourierParts } from '../../workers/courier-parts';
import { entry, taskOpened } from '../platform/store/entries';
import { dueAt, openedAt, openVoting } from '../support/voting';
import type { VotingScene } from '../support/voting';

let scene: VotingScene;
let mails: NoticeMessage[];
let mailResults: CarrierResult[];

beforeEach(async () => {
  scene = await openVoting({ show: { window: { start: '2026-11-21T21:00:00Z', zone: 'Europe/Berlin' } } });
  mails = [];
  mailResults = [];
});

afterEach(() => scene.close());

function parts(change: Partial<CourierParts> = {}): CourierParts {
  return {
    store: scene.store,
    people: scene.people,
    audience: (candidate) => Promise.resolve(candidate === 'on-call/ops' ? ['user/ben'] : []),
    carriers: { mail: mailCarrier },
    mail: { from: 'Mainstay <mainstay@example.org>', replyTo: 'approvals@example.org' },
    hasButtons: false,
    publicUrl: 'https://m.example',
    voteKey: scene.voteKey,
    logger: createLogger('test', 'silent'),
    now: scene.now,
    everyMs: 1,
    ...change,
  };
}

const mailCarrier = {
  async send(message: NoticeMessage): Promise<CarrierResult> {
    mails.push(message);
    return mailResults.shift() ?? { kind: 'sent' };
  },
};

async function deliverAll(given: CourierParts): Promise<void> {
  while ((await deliverDue(given)) > 0);
}

async function outcomes(): Promise<readonly string[]> {
  const entries = await scene.store.journal.read('system');
  return entries
    .filter(({ kind }) => kind.startsWith('notice.'))
    .map(({ kind, payload }) => `${kind} ${JSON.parse(payload ?? '{}').recipient}`)
    .toSorted();
}

test('each person who is asked gets one message with links of their own, and that is journaled', async () => {
  await deliverAll(parts());
  await deliverAll(parts());

  expect(mails.map(({ to }) => to).toSorted()).toEqual(['Anna@example.org', 'ben@example.org']);
  expect(await outcomes()).toEqual(['notice.sent user/anna', 'notice.sent user/ben']);
  const [anna, ben] = mails;
  expect(anna?.choices.map(({ choice }) => choice)).toEqual(['approve', 'reject']);
  const tokens = mails.flatMap(({ choices }) => choices.map(({ url }) => url?.split('/').at(-2) ?? ''));
  expect(new Set(tokens).size).toBe(4);
  expect(await readToken(scene, tokens[0] ?? '', { channel: 'mail', choice: 'approve' })).toMatchObject({
    claims: { expiresAt: dueAt },
  });
  expect(anna?.threadId).toBe(ben?.threadId);
  expect(anna?.messageId).not.toBe(ben?.messageId);
  expect(anna?.replyTo).toMatch(/^approvals\+[a-z2-7]{46}@example\.org$/);
});

test('a message shows the window in its own zone and in UTC, who else is asked, and when it is due', async () => {
  await deliverAll(parts());

  const facts = mails.find(({ name }) => name === 'Anna')?.facts;
  expect(facts).toEqual([
    { name: 'Run', lines: ['1: Release (release 1.0.0)'] },
    { name: 'Requested by', lines: ['user/anna'] },
    { name: 'Inputs', lines: ['version: 1.2'] },
    {
      name: 'Window',
      lines: ['Start: 2026-11-21 22:00 Europe/Berlin (2026-11-21 21:00 UTC)', 'Zone: Europe/Berlin'],
    },
    { name: 'Asked', lines: ['2 of user/anna, user/ben'] },
    { name: 'Answer by', lines: ['2026-11-21 12:00 Europe/Berlin (2026-11-21 11:00 UTC)'] },
    { name: 'Plan', lines: ['h1'] },
  ]);
});

test('what fails for now is sent again later, under the same message id and with the same links, until it is given up', async () => {
  const courier = parts();
  mailResults = [
    { kind: 'failed', code: 'MAIL_REFUSED', reason: '550 no such mailbox' },
    ...Array.from({ length: 20 }, () => ({ kind: 'failed', code: 'MAIL_UNREACHABLE', reason: 'down' }) as const),
  ];

  for (let hour = 0; hour < 20; hour += 1) {
    scene.setNow(openedAt + hour * 3_600_000);
    await deliverAll(courier);
  }

  expect(mails).toHaveLength(11);
  const repeated = mails.slice(1).filter(({ to }) => to === mails[1]?.to);
  expect(repeated).toHaveLength(10);
  expect(new Set(repeated.map((mail) => JSON.stringify([mail.messageId, mail.choices, mail.replyTo]))).size).toBe(1);
  expect(await outcomes()).toEqual(['notice.failed user/anna', 'notice.failed user/ben']);
});

test('a courier that dies after sending is followed by one that sends the same mail, not another one', async () => {
  await deliverDue(parts());
  const dying = parts();
  const isLost = { ...dying, store: { ...scene.store, notices: { ...scene.store.notices, settle: neverSettle } } };
  await deliverDue(isLost);
  scene.setNow(openedAt + 5 * 60_000);

  await deliverAll(parts());

  expect(mails).toHaveLength(4);
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
  expect(await outcomes()).toEqual(['notice.sent user/anna', 'notice.sent user/ben']);
});

async function neverSettle(): Promise<void> {
  throw new Error('the process is dead');
}

test('nobody is told of what is decided, and only who was asked is reminded (R-APPR-7)', async () => {
  await deliverAll(parts());
  mails = [];
  const event = { at: openedAt, kind: 'approval.reminded', percent: 50, people: ['user/anna', 'user/eve'] } as const;
  const payload = { path: 'approve', approval: 'a1', tasks: ['r1-1'], event };
  await scene.store.journal.append('run/r1', [entry('approval.event', payload, { key: 'reminded', at: openedAt })]);
  await deliverAll(parts());
  const reminded = mails.map(({ to, kind }) => [to, kind]);
  await scene.closeTask('approve');
  await scene.store.journal.append('run/r1', [entry('approval.event', payload, { key: 'again', at: openedAt })]);
  await deliverAll(parts());

  expect(reminded).toEqual([['Anna@example.org', 'task.reminded']]);
  expect(mails).toHaveLength(1);
});

test('who cannot be reached is journaled as not told', async () => {
  const added = [{ person: 'user/eve', actor: 'user/eve' }];
  const payload = { taskId: 'r1-1', people: added, added };
  await scene.store.journal.append('run/r1', [entry('task.asked', payload, { key: 'more', at: openedAt })]);

  await deliverAll(parts());

  expect(await outcomes()).toContain('notice.failed user/eve');
  const entries = await scene.store.journal.read('system');
  expect(entries.some(({ payload: text }) => text?.includes('ADDRESS_UNKNOWN'))).toBe(true);
});

test('who is asked anew is told that it has changed, with the difference (R-APPR-9)', async () => {
  await scene.close();
  scene = await openVoting({ show: { difference: { hostsAdded: ['db1'] } } });

  await deliverAll(parts());

  expect(mails[0]?.opening.join(' ')).toContain('votes that were given before are void');
  expect(mails[0]?.facts).toContainEqual({ name: 'Difference', lines: ['Hosts added: db1'] });
});

test('a message that cannot be made is given up in the end, and said so', async () => {
  const broken = parts({ people: { find: () => Promise.reject(new Error('Cannot read the document')) } });

  for (let hour = 0; hour < 12; hour += 1) {
    scene.setNow(openedAt + hour * 3_600_000);
    await deliverAll(broken);
  }

  expect(await outcomes()).toEqual(['notice.failed user/anna', 'notice.failed user/ben']);
});

test('nobody is told who is no longer asked when the message would go out (R-APPR-4)', async () => {
  const people = [{ person: 'user/ben', actor: 'user/ben' }];
  const payload = { taskId: 'r1-1', people, added: [] };
  await scene.store.journal.append('run/r1', [entry('task.asked', payload, { key: 'fewer', at: openedAt })]);

  await deliverAll(parts());

  expect(mails.map(({ to }) => to)).toEqual(['ben@example.org']);
});

test('a delegate is told on whose behalf, and votes so (R-APPR-3)', async () => {
  const added = [{ person: 'user/carl', actor: 'user/ben' }];
  const payload = { taskId: 'r1-1', people: added, added };
  await scene.store.journal.append('run/r1', [entry('task.asked', payload, { key: 'more', at: openedAt })]);

  await deliverAll(parts());

  const mail = mails.find(({ opening }) => opening.length > 1);
  expect(mail).toMatchObject({
    to: 'ben@example.org',
    opening: ['your approval is asked for.', 'You are asked on behalf of user/carl.'],
  });
  const found = await readToken(scene, mail?.choices[0]?.url?.split('/').at(-2) ?? '', {
    channel: 'mail',
    choice: 'approve',
  });
  expect(found?.notice).toMatchObject({ recipient: 'user/ben', onBehalfOf: 'user/carl' });
});

test('a refused answer by mail is told with its reason and without a token, so that two machines cannot go on for ever', async () => {
  const answer = { taskId: 'r1-1', id: 'x', actor: 'user/anna', via: 'mail', choice: '', comment: '', form: null };
  const payload = { taskId: 'r1-1', answer, code: 'SENDER_UNVERIFIED', reason: 'no valid signature is on it' };
  await deliverAll(parts());
  mails = [];
  await scene.store.journal.append('run/r1', [entry('task.refused', payload, { key: 'refused', at: openedAt })]);

  await deliverAll(parts());

  expect(mails).toMatchObject([
    { to: 'Anna@example.org', kind: 'task.refused', choices: [], replyTo: null, link: 'https://m.example/tasks/r1-1' },
  ]);
  expect(mails[0]?.opening).toEqual([
    'an answer in your name was not counted.',
    'no valid signature is on it',
    'If it was not yours, tell your administrators.',
  ]);
  expect(mails[0]?.messageId).not.toMatch(/[a-z2-7]{46}/);
});

test('to whom a manual step was handed is told for whom, and not any more once it was taken back', async () => {
  await deliverAll(parts());
  mails = [];
  const manual = { id: 'r1-3', kind: 'manual', priority: 3, candidates: ['user/carl'] } as const;
  const step = { title: 'Turn the valve', options: ['done', 'impossible'], openedAt, dueAt: null, onDue: null };
  const handed = (to: string) => ({ taskId: 'r1-3', from: 'user/carl', to, until: null, comment: '' });
  await scene.store.journal.append('run/r1', [taskOpened({ ...manual, ...step }, openedAt)]);
  await scene.store.journal.append('run/r1', [
    entry('task.delegated', handed('user/ben'), { key: 'handed', at: openedAt }),
  ]);

  await deliverAll(parts());

  expect(mails).toMatchObject([
    {
      to: 'ben@example.org',
      kind: 'task.delegated',
      subject: 'Yours now: Turn the valve [r1-3]',
      opening: ['what was asked of somebody else was handed to you.', 'You are asked on behalf of user/carl.'],
    },
  ]);
  mails = [];
  await scene.store.journal.append('run/r1', [
    entry('task.delegated', handed('user/anna'), { key: 'handed again', at: openedAt }),
    entry('task.delegated', handed('user/carl'), { key: 'taken back', at: openedAt }),
  ]);
  await deliverAll(parts());
  expect(mails).toEqual([]);
});

test('who has to decide at once is told so, with a link for each option, and is not told to answer by mail', async () => {
  await deliverAll(parts());
  mails = [];
  const urgent = { id: 'r1-2', kind: 'manual', priority: 1, candidates: ['on-call/ops', 'team/none'] } as const;
  const question = {
    title: 'Back out or extend?',
    options: ['back-out', 'extend'],
    openedAt,
    dueAt,
    onDue: 'back-out',
  };
  await scene.store.journal.append('run/r1', [taskOpened({ ...urgent, ...question }, openedAt)]);

  await deliverAll(parts());

  expect(mails).toMatchObject([
    {
      to: 'ben@example.org',
      kind: 'task.urgent',
      urgency: 'urgent',
      replyTo: null,
      choices: [{ choice: 'back-out' }, { choice: 'extend' }],
    },
  ]);
  expect(mails[0]?.facts).toContainEqual({ name: 'Without an answer', lines: ['back-out'] });
  const token = mails[0]?.choices[0]?.url?.split('/').at(-2) ?? '';
  expect(await readToken(scene, token, { channel: 'mail', choice: 'back-out' })).toMatchObject({
    task: { id: 'r1-2' },
  });
  expect(await outcomes()).toContain('notice.failed team/none');
});

test('a task with a form is told without links: a form has to be filled in', async () => {
  await scene.close();
  scene = await openVoting({ form: { ticket: { type: 'string' } } });

  await deliverAll(parts());

  expect(mails.map(({ choices }) => choices)).toEqual([[], []]);
  expect(mails[0]?.closing).toEqual(['Answer in the console, or with the command line: task r1-1.']);
});

test.each([
  { channel: 'chat', hasButtons: true, to: 'U1', buttons: 2 },
  { channel: 'chat', hasButtons: false, to: 'U1', buttons: 0 },
  { channel: 'webhook', hasButtons: true, to: 'user/anna', buttons: 0 },
] as const)(
  'by $channel there are no links that vote, and $buttons buttons where it tells who presses them: $hasButtons',
  async ({ channel, hasButtons, to, buttons }) => {
    await deliverAll(parts({ carriers: { [channel]: mailCarrier }, hasButtons, mail: null }));

    const message = mails.find((each) => each.to === to);
    expect(message?.choices.map(({ choice, url }) => [choice, url])).toEqual([
      ['approve', null],
      ['reject', null],
    ]);
    const tokens = (message?.choices ?? []).flatMap(({ token }) => (token === null ? [] : [token]));
    expect(tokens).toHaveLength(buttons);
    expect(message?.messageId).not.toMatch(/[a-z2-7]{46}/);
    for (const token of tokens.slice(0, 1))
      expect(await readToken(scene, token, { channel: 'chat', choice: 'approve' })).toMatchObject({
        notice: { recipient: 'user/anna' },
      });
  },
);

test('several couriers at work at once send each message once', async () => {
  const stops = [1, 2, 3].map(() => startCourier(parts()));
  for (let look = 0; (await outcomes()).length < 2 && look < 500; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all(stops.map((stop) => stop()));

  expect(mails).toHaveLength(2);
});
