import { generateKeyPairSync } from 'node:crypto';

import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';

import { receiveReply } from '../../../client/channels/reply';
import type { ReplyOutcome, ReplyPlace } from '../../../client/channels/reply';
import { dueAt, openVoting } from '../../support/voting';
import type { VotingScene } from '../../support/voting';

const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const records: { readonly [name: string]: string } = {
  'sel._domainkey.example.org': recordOf(signer.publicKey.export({ type: 'spki', format: 'der' })),
  'sel._domainkey.evil.example': recordOf(other.publicKey.export({ type: 'spki', format: 'der' })),
};

function recordOf(der: Buffer): string {
  return `v=DKIM1; k=rsa; p=${der.toString('base64')}`;
}

let scene: VotingScene;

beforeEach(async () => {
  scene = await openVoting();
});

afterEach(() => scene.close());

function place(settings: Partial<ReplyPlace['settings']> = {}): ReplyPlace {
  return {
    ...scene,
    settings: {
      host: '127.0.0.1',
      port: 0,
      address: 'approvals@example.org',
      trustedAuthserv: null,
      allowUnauthenticated: false,
      ...settings,
    },
    async resolve(name) {
      const record = records[name];
      if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return [[record]];
    },
  };
}

interface Signing {
  readonly domainName: string;
  readonly privateKey: string;
  readonly skipFields?: string;
}

const own: Signing = { domainName: 'example.org', privateKey: pemOf(signer.privateKey) };

function pemOf(key: typeof signer.privateKey): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** As the mail program and the mail server of the sender make it. */
async function mail(options: SendMailOptions, signing: Signing | null = own): Promise<Buffer> {
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    ...(signing === null ? {} : { dkim: { keySelector: 'sel', ...signing } }),
  });
  const { message } = await transport.sendMail({
    from: 'Anna <anna@example.org>',
    subject: 'Re: Approve? Release 1.2 [r1-1]',
    ...options,
  });
  if (!Buffer.isBuffer(message)) throw new Error('the mail was not buffered');
  return message;
}

async function address(person = 'user/anna'): Promise<string> {
  return `approvals+${scene.token(await scene.message(person), null)}@example.org`;
}

async function send(raw: Buffer, to: string, settings?: Partial<ReplyPlace['settings']>): Promise<ReplyOutcome> {
  return receiveReply(place(settings), { from: 'anna@example.org', to: [to] }, raw);
}

async function refusals(): Promise<readonly string[]> {
  const entries = await scene.store.journal.read('run/r1');
  return entries.filter(({ kind }) => kind === 'task.refused').map(({ payload }) => JSON.parse(payload ?? '{}').code);
}

test('an answer that is signed by the domain of its sender is the vote of that person (R-APPR-11)', async () => {
  const to = await address();

  const outcome = await send(await mail({ to, text: 'APPROVE\nlooks right\n\n> quoted' }), to);

  expect(outcome).toEqual({ kind: 'counted' });
  expect(scene.answers).toMatchObject([{ actor: 'user/anna', via: 'mail', choice: 'approve', comment: 'looks right' }]);
});

test('the token is found in the references where the mail program has dropped the tag of the address', async () => {
  const notice = await scene.message('user/anna');
  const references = `<t@example.org> <${scene.token(notice, null)}@example.org>`;

  const outcome = await send(
    await mail({ to: 'approvals@example.org', references, text: 'reject' }),
    'approvals@example.org',
  );

  expect(outcome).toEqual({ kind: 'counted' });
  expect(scene.answers).toMatchObject([{ choice: 'reject' }]);
});

test.each<[string, string, (to: string) => Promise<Buffer>]>([
  ['not signed', 'no valid signature', (to) => mail({ to, text: 'APPROVE' }, null)],
  [
    'signed by another domain',
    'no valid signature',
    (to) => mail({ to, text: 'APPROVE' }, { domainName: 'evil.example', privateKey: pemOf(other.privateKey) }),
  ],
  [
    'signed with another key than the one of the domain',
    'no valid signature',
    (to) => mail({ to, text: 'APPROVE' }, { ...own, privateKey: pemOf(other.privateKey) }),
  ],
  ['from another address', 'which is not the address', (to) => mail({ to, from: 'ben@example.org', text: 'APPROVE' })],
  [
    'from two senders',
    'exactly one sender',
    (to) => mail({ to, from: 'anna@example.org, eve@example.org', text: 'APPROVE' }),
  ],
  [
    'changed on its way',
    'no valid signature',
    async (to) => Buffer.from((await mail({ to, text: 'REJECT' })).toString().replace('REJECT', 'APPROVE')),
  ],
  [
    'given a second sender on its way',
    'exactly one sender',
    async (to) => Buffer.concat([Buffer.from('From: Eve <eve@evil.example>\r\n'), await mail({ to, text: 'APPROVE' })]),
  ],
  [
    'an old one of the person about something else, with the address of this task put on it',
    'does not cover what tells',
    async (to) => {
      const old = await mail({ to: 'boss@example.org', subject: 'Re: lunch?', text: 'Approve' });
      return Buffer.concat([Buffer.from(`Cc: ${to}\r\n`), old]);
    },
  ],
  [
    'signed in such a way that the task is not covered',
    'does not cover what tells',
    (to) => mail({ to, text: 'APPROVE' }, { ...own, skipFields: 'subject:to:references:in-reply-to' }),
  ],
  [
    'signed for a part of its text only',
    'a part of the text only',
    async (to) =>
      Buffer.from((await mail({ to, text: 'APPROVE' })).toString().replace(/^(DKIM-Signature: v=1;)/m, '$1 l=3;')),
  ],
])(
  'a mail that is %s is refused, journaled, and told to the person who was asked (R-APPR-11)',
  async (_what, why, make) => {
    const to = await address();

    const outcome = await send(await make(to), to);

    expect(outcome).toMatchObject({
      kind: 'refused',
      code: 'SENDER_UNVERIFIED',
      reason: expect.stringContaining(why),
    });
    expect(scene.answers).toEqual([]);
    expect(await refusals()).toEqual(['SENDER_UNVERIFIED']);
    const told = await scene.store.notices.take({ now: dueAt, leaseMs: 1, limit: 100 });
    expect(told.filter(({ what }) => what === 'task.refused').map(({ recipient }) => recipient)).toEqual(['user/anna']);
  },
);

test('when the key cannot be looked up now, nothing is decided: the mail server of the sender tries again', async () => {
  const to = await address();
  const raw = await mail({ to, text: 'APPROVE' });
  const resolve = async (): Promise<never> => {
    throw Object.assign(new Error('timeout'), { code: 'ETIMEOUT' });
  };

  const received = receiveReply({ ...place(), resolve }, { from: 'anna@example.org', to: [to] }, raw);

  await expect(received).rejects.toThrow('could not be looked up');
  expect(await refusals()).toEqual([]);
});

test('a token in the hands of another member is not theirs, signed or not (R-APPR-11)', async () => {
  const to = await address('user/anna');

  const outcome = await send(await mail({ to, from: 'ben@example.org', text: 'APPROVE' }), to);

  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('sent from "ben@example.org"') });
});

describe('with a relay that checks senders', () => {
  const relay = { trustedAuthserv: 'mx.example.org' };

  test.each<[string, string, boolean]>([
    ['DMARC', 'mx.example.org; dmarc=pass (p=reject) header.from=example.org', true],
    ['DKIM', 'mx.example.org 1; spf=pass smtp.mailfrom=x.y; dkim=pass header.d=example.org header.s=sel', true],
    ['a DKIM identity', 'mx.example.org; dkim=pass header.i=@example.org', true],
    ['DKIM of another domain', 'mx.example.org; dkim=pass header.d=evil.example', false],
    ['DKIM of a domain that ends alike', 'mx.example.org; dkim=pass header.d=ample.org', false],
    ['DMARC of another domain', 'mx.example.org; dmarc=pass header.from=evil.example', false],
    ['a failure', 'mx.example.org; dmarc=fail header.from=example.org; dkim=none', false],
    ['SPF alone', 'mx.example.org; spf=pass smtp.mailfrom=anna@example.org', false],
    ['what it says in a comment', 'mx.example.org; dkim=fail (dmarc=pass header.from=example.org)', false],
    ['another relay', 'mx.evil.example; dmarc=pass header.from=example.org', false],
  ])('%s is %j: believed %p (R-APPR-11)', async (_what, results, believed) => {
    const to = await address();
    const raw = await mail({ to, text: 'APPROVE' }, null);

    const outcome = await send(Buffer.concat([Buffer.from(`Authentication-Results: ${results}\r\n`), raw]), to, relay);

    expect(outcome.kind).toBe(believed ? 'counted' : 'refused');
  });

  test('only the topmost results are those of the relay: what stands below came with the mail (R-APPR-11)', async () => {
    const to = await address();
    const forged = 'Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\r\n';
    const found = 'Authentication-Results: mx.example.org; dmarc=fail header.from=example.org\r\n';

    const outcome = await send(
      Buffer.concat([Buffer.from(found + forged), await mail({ to, text: 'APPROVE' })]),
      to,
      relay,
    );

    expect(outcome).toMatchObject({ kind: 'refused' });
  });
});

test('plain mail counts only where a test set-up says so by name (R-APPR-11)', async () => {
  const to = await address();

  const outcome = await send(await mail({ to, text: 'APPROVE' }, null), to, { allowUnauthenticated: true });

  expect(outcome).toEqual({ kind: 'counted' });
});

test('the same mail twice is one vote; another answer shows what was recorded (R-APPR-11)', async () => {
  const to = await address();
  const raw = await mail({ to, text: 'APPROVE' });

  const outcomes = [await send(raw, to), await send(raw, to), await send(await mail({ to, text: 'REJECT' }), to)];

  expect(outcomes).toMatchObject([
    { kind: 'counted' },
    { kind: 'repeated' },
    { kind: 'refused', code: 'TOKEN_USED', reason: 'Cannot answer twice: "approve" was recorded before, through mail' },
  ]);
  expect(scene.answers).toHaveLength(1);
});

test('an answer without one of the words is refused and can be given again', async () => {
  const to = await address();
  const unclear = await mail({ to, text: 'Well, who is going to approve that?' });

  const outcomes = [
    await send(unclear, to),
    await send(unclear, to),
    await send(await mail({ to, text: 'Reject' }), to),
  ];

  expect(outcomes).toMatchObject([{ code: 'ANSWER_UNREADABLE' }, { code: 'ANSWER_UNREADABLE' }, { kind: 'counted' }]);
  expect(await refusals()).toEqual(['ANSWER_UNREADABLE']);
});

test.each<[string, SendMailOptions, string]>([
  ['an out-of-office note', { headers: { 'Auto-Submitted': 'auto-replied' } }, 'anna@example.org'],
  ['a mail of a list', { headers: { 'List-Id': '<all.example.org>' } }, 'anna@example.org'],
  ['a bulk mail', { headers: { Precedence: 'bulk' } }, 'anna@example.org'],
  ['a report of a mail server', {}, ''],
])('%s votes on nothing, and is not answered', async (_what, options, from) => {
  const to = await address();

  const outcome = await receiveReply(place(), { from, to: [to] }, await mail({ to, text: 'APPROVE', ...options }));

  expect(outcome).toEqual({ kind: 'ignored' });
  expect(await refusals()).toEqual([]);
});

test('mail without a token of ours goes back by the mail server it came from: nobody is written to, nothing is journaled', async () => {
  const stranger = `approvals+${'a'.repeat(46)}@example.org`;

  const outcome = await send(await mail({ to: stranger, text: 'APPROVE' }), stranger);

  expect(outcome).toMatchObject({ kind: 'bounced' });
  expect(await refusals()).toEqual([]);
});
