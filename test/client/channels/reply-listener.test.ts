import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';

import { listenForReplies } from '../../../client/channels/reply-listener';
import type { ReplyListener } from '../../../client/channels/reply-listener';
import { createLogger } from '../../../platform/logger';
import { openVoting } from '../../support/voting';
import type { VotingScene } from '../../support/voting';

let scene: VotingScene;
let listener: ReplyListener;
let log: string[];

beforeEach(async () => {
  scene = await openVoting();
  log = [];
  const settings = {
    host: '127.0.0.1',
    port: 0,
    address: 'approvals@example.org',
    trustedAuthserv: null,
    allowUnauthenticated: true,
  };
  const logger = createLogger('test', 'info', { write: (line) => void log.push(line) });
  listener = await listenForReplies({ ...scene, settings }, logger);
});

afterEach(async () => {
  await listener.stop();
  await scene.close();
});

async function send(options: SendMailOptions): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: listener.port, ignoreTLS: true });
  try {
    const { response } = await transport.sendMail({
      from: 'Anna <anna@example.org>',
      subject: 'Re: [r1-1]',
      ...options,
    });
    return response;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'response' in error) return String(error.response);
    throw error;
  } finally {
    transport.close();
  }
}

async function tagged(): Promise<string> {
  return `approvals+${scene.token(await scene.message('user/anna'), null)}@example.org`;
}

test('a mail to the tagged address votes, over a real connection', async () => {
  expect(await send({ to: await tagged(), text: 'APPROVE' })).toMatch(/^250 /);
  expect(scene.answers).toMatchObject([{ actor: 'user/anna', via: 'mail' }]);
});

test('a relay that cannot be served now is told to try again, and the vote counts then', async () => {
  const to = await tagged();
  scene.fail(new Error('no engine'));
  const first = await send({ to, text: 'APPROVE' });
  scene.fail(null);

  expect(first).toMatch(/^451 /);
  expect(await send({ to, text: 'APPROVE' })).toMatch(/^250 /);
});

test('another address, and a tag that is none of ours, are refused in the dialogue: we write to nobody', async () => {
  expect(await send({ to: 'root@example.org', text: 'APPROVE' })).toMatch(/^550 /);
  expect(await send({ to: `approvals+${'b'.repeat(46)}@example.org`, text: 'APPROVE' })).toMatch(
    /^550 .*answer the message/,
  );
  expect(scene.answers).toEqual([]);
});

test('a mail without end is refused', async () => {
  expect(await send({ to: await tagged(), text: 'APPROVE\n' + 'x'.repeat(11 * 1024 * 1024) })).toMatch(/^552 /);
});

test('that senders are not checked is said aloud (R-APPR-11)', () => {
  expect(log.join('\n')).toContain('for test set-ups only');
});

test('no token, and nothing of a mail, gets into the log', async () => {
  const to = await tagged();
  await send({ to, text: 'APPROVE with a secret comment' });

  expect(log.join('\n')).not.toContain('secret comment');
  expect(log.join('\n')).not.toContain(to.slice(10, 56));
});
