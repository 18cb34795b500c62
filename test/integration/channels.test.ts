import { generateKeyPairSync } from 'node:crypto';

import { createTransport } from 'nodemailer';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { createMailCarrier } from '../../activities/mail/client';
import { addVotePages } from '../../client/api/routes/votes';
import { GrantBook } from '../../client/access-grants';
import { voteGrants } from '../../client/channels/vote-grants';
import { listenForReplies } from '../../client/channels/reply-listener';
import type { ReplyListener } from '../../client/channels/reply-listener';
import { createLogger } from '../../platform/logger';
import { People } from '../../platform/people';
import { Secret } from '../../platform/secret';
import { voteKeyOf } from '../../platform/vote-token';
import { startCourier } from '../../workers/courier';
import { openMailServer } from '../support/mail-server';
import type { MailServer, ReceivedMail } from '../support/mail-server';
import { openStage } from './stage';
import type { Stage } from './stage';

const documents = `apiVersion: mainstay/v1
kind: Person
metadata: {name: anna}
spec: {name: Anna, email: anna@example.org}
---
apiVersion: mainstay/v1
kind: Person
metadata: {name: ben}
spec: {name: Ben, email: ben@example.org, zone: Europe/Berlin}
---
apiVersion: mainstay/v1
kind: Team
metadata: {name: board}
spec: {members: [user/anna, user/ben, user/carl, user/dora]}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: two-of-board}
spec: {approvers: [team/board], min: 2}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: approved-by-mail, version: 1.0.0, title: Release, owner: team/board}
spec:
  steps:
    - {id: go, approval: {policy: two-of-board, title: 'Release 1.2?', due: PT1H, onDue: reject}}
`;

const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signerKey = signer.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const voteKey = voteKeyOf(Buffer.alloc(32, 3));
const logger = createLogger('test', 'silent');

let stage: Stage;
let mx: MailServer;
let app: FastifyInstance;
let listener: ReplyListener;
let stopCourier: () => Promise<void>;

beforeAll(async () => {
  stage = await openStage({ documents });
  mx = await openMailServer();
  const { store } = stage.under;
  const people = new People(store.definitions);
  const mayAnswer = voteGrants(store, new GrantBook(store, Date.now), Date.now);
  const context = { engine: stage.engine, store, people, voteKey, now: () => Date.now(), chat: null, mayAnswer };
  app = fastify();
  addVotePages(app, context);
  const settings = {
    host: '127.0.0.1',
    port: 0,
    address: 'approvals@example.org',
    trustedAuthserv: null,
    allowUnauthenticated: false,
  };
  const resolve = async (name: string): Promise<string[][]> => {
    if (name === 'sel._domainkey.example.org') return [[`v=DKIM1; k=rsa; p=${signerKey}`]];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  };
  listener = await listenForReplies({ ...context, settings, resolve }, logger);
  const smtpUrl = new Secret(`smtp://127.0.0.1:${mx.port}`);
  const mail = { smtpUrl, from: 'Mainstay <mainstay@example.org>', replyTo: 'approvals@example.org' };
  const carrier = createMailCarrier(mail);
  const audience = (): Promise<readonly string[]> => Promise.resolve([]);
  const parts = {
    store,
    people,
    audience,
    carriers: { mail: carrier },
    mail,
    hasButtons: false,
    publicUrl: 'https://m.example',
    voteKey,
  };
  const stop = startCourier({ ...parts, logger, now: () => Date.now(), everyMs: 20 });
  stopCourier = async () => {
    await stop();
    carrier.close();
  };
}, 60_000);

afterAll(async () => {
  await stopCourier();
  await listener.stop();
  await app.close();
  await mx.close();
  await stage.close();
});

function arrived(person: string, says: string): Promise<ReceivedMail> {
  return mx.arrival(({ to, parsed }) => to.includes(`${person}@example.org`) && (parsed.text ?? '').includes(says));
}

/** As a mail program answers: to the address that the message names, with its references, quoting it. */
async function reply(to: ReceivedMail, text: string, options: { readonly from: string; readonly signed: boolean }) {
  const { parsed } = to;
  const dkim = {
    domainName: 'example.org',
    keySelector: 'sel',
    privateKey: signer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const transport = createTransport({
    host: '127.0.0.1',
    port: listener.port,
    ignoreTLS: true,
    ...(options.signed ? { dkim } : {}),
  });
  const quoted = (parsed.text ?? '').replaceAll(/^/gm, '> ');
  await transport.sendMail({
    from: options.from,
    to: parsed.replyTo?.value[0]?.address ?? '',
    subject: `Re: ${parsed.subject ?? ''}`,
    inReplyTo: parsed.messageId ?? '',
    text: `${text}\n\nOn Saturday, Mainstay <mainstay@example.org> wrote:\n${quoted}`,
  });
  transport.close();
}

function linkOf(mail: ReceivedMail, choice: string): string {
  const [url = ''] = new RegExp(`https://m\\.example/votes/[a-z2-7]+/${choice}`).exec(mail.parsed.text ?? '') ?? [];
  return new URL(url).pathname;
}

function press(url: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return app.inject({ method: 'POST', url, headers, payload: 'comment=fine' });
}

test('two people are asked by mail: one votes by the link, the other by answering, a forger by neither; the run goes on (R-APPR-11)', async () => {
  const runId = await stage.start('approved-by-mail');
  const [toAnna, toBen] = await Promise.all([arrived('anna', 'is asked for'), arrived('ben', 'is asked for')]);
  // Carl has requested the run, and nobody knows where to reach Dora.
  expect(mx.received).toHaveLength(2);

  const scanned = await app.inject({ method: 'GET', url: linkOf(toAnna, 'approve') });
  expect(scanned.body).toContain('as the vote of user/anna');
  expect((await press(linkOf(toAnna, 'approve'))).body).toContain('Recorded: &quot;approve&quot; by user/anna');
  const again = await press(linkOf(toAnna, 'reject'));
  expect(again.body).toContain('nothing was changed now. Recorded: &quot;approve&quot; by user/anna');

  await reply(toBen, 'APPROVE', { from: 'Ben <ben@example.org>', signed: false });
  const warned = await arrived('ben', 'was not counted');
  expect(warned.parsed.text).toContain('no valid signature of "example.org" is on it');
  expect(warned.parsed.replyTo).toBeUndefined();
  expect((await stage.engine.show(runId))?.tasks[0]?.votes).toHaveLength(1);

  await reply(toBen, 'APPROVE\nsee you at ten', { from: 'Ben <ben@example.org>', signed: true });
  const ended = await stage.until(runId, ({ state }) => state === 'closed');
  expect(ended).toMatchObject({ outcome: 'succeeded' });
  expect(ended.tasks[0]?.votes.map(({ actor, via, comment }) => [actor, via, comment])).toEqual([
    ['user/anna', 'link', 'fine'],
    ['user/ben', 'mail', 'see you at ten'],
  ]);

  const late = await app.inject({ method: 'GET', url: linkOf(toBen, 'reject') });
  expect(late.body).toContain('Recorded: &quot;approve&quot; by user/ben, through mail');
  const system = await stage.under.store.journal.read('system');
  expect(system.filter(({ kind }) => kind === 'notice.sent').length).toBeGreaterThanOrEqual(2);
  expect(system.filter(({ kind }) => kind === 'notice.failed').map(({ payload }) => payload)).toEqual([
    expect.stringContaining('user/dora'),
  ]);
}, 60_000);
