import fc from 'fast-check';

import { createNotifyCarrier } from '../../../activities/notify/client';
import { composeNotify } from '../../../activities/notify/message';
import { Secret } from '../../../platform/secret';
import { isSigned } from '../../../platform/webhook-signature';
import { openPushServer } from '../../support/push-server';
import type { PushServer } from '../../support/push-server';
import { hostileNotice, notice } from '../notices';

const secret = new Secret('whsec_c2hhcmVkIHNlY3JldA==');
const nowMs = 1_700_000_000_000;

let server: PushServer;

beforeEach(async () => {
  server = await openPushServer();
});

afterEach(() => server.close());

function carrier(privateAddresses: 'allow' | 'refuse' = 'allow') {
  const url = new Secret(`${server.url}/notices?key=tops3cret`);
  return createNotifyCarrier({ url, secret, privateAddresses, now: () => nowMs });
}

const message = notice({ to: 'user/anna', link: 'https://m.example/tasks/r1-1' });

test('a program is told who is meant and all that is to be said, without a token', async () => {
  expect(await carrier().send(message)).toEqual({ kind: 'sent' });

  const [call] = server.received;
  expect(call?.path).toBe('/notices?key=tops3cret');
  expect(JSON.parse(call?.text ?? '')).toEqual({
    type: 'notice',
    data: {
      kind: 'task.opened',
      urgency: 'normal',
      person: { reference: 'user/anna', name: 'Anna' },
      thread: 't1@example.org',
      subject: 'Approve? Release 1.2 [r1-1]',
      opening: ['your approval is asked for.'],
      title: 'Release 1.2',
      facts: message.facts,
      choices: ['approve', 'reject'],
      closing: [],
      link: 'https://m.example/tasks/r1-1',
    },
  });
});

test('the message is signed as Standard Webhooks says, and nothing else is', async () => {
  await carrier().send(message);

  const [call] = server.received;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = call?.headers ?? {};
  const signed = { id: String(id), timestamp: String(timestamp), body: Buffer.from(call?.text ?? '') };
  expect([id, timestamp]).toEqual(['m1@example.org', '1700000000']);
  expect(isSigned(signed, String(signature), { secrets: [secret], nowMs })).toBe(true);
  expect(isSigned({ ...signed, id: 'm2' }, String(signature), { secrets: [secret], nowMs })).toBe(false);
});

test('what is sent again, since the reply was lost, has the same id and the same body', async () => {
  server.next(null);

  expect(await carrier().send(message)).toMatchObject({ kind: 'failed', code: 'NOTIFY_UNREACHABLE' });
  expect(await carrier().send(message)).toEqual({ kind: 'sent' });
  const [first, second] = server.received;
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.text).toBe(first?.text);
});

test('a private address is not called where these are refused', async () => {
  expect(await carrier('refuse').send(message)).toEqual({
    kind: 'failed',
    code: 'NOTIFY_UNREACHABLE',
    reason: `Cannot call "${new URL(server.url).host}": it has the private address 127.0.0.1`,
  });
  expect(server.received).toEqual([]);
});

test('a body stays small, whatever others wrote', () => {
  fc.assert(
    fc.property(hostileNotice, (hostile) => {
      expect(Buffer.byteLength(JSON.stringify(composeNotify(hostile)))).toBeLessThanOrEqual(20_480);
    }),
    { numRuns: 60 },
  );
});
