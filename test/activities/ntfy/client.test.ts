import fc from 'fast-check';

import type { NoticeMessage } from '../../../activities/notice-message';
import { createNtfyCarrier } from '../../../activities/ntfy/client';
import { composeNtfy } from '../../../activities/ntfy/message';
import { Secret } from '../../../platform/secret';
import { openNtfyServer } from '../../support/ntfy-server';
import type { NtfyServer } from '../../support/ntfy-server';
import { hostileNotice, hostileTexts, notice } from '../notices';

let server: NtfyServer;

beforeEach(async () => {
  server = await openNtfyServer('right');
});

afterEach(() => server.close());

function carrier(token: string | null = 'right') {
  return createNtfyCarrier({ url: server.url, token: token === null ? null : new Secret(token), common: 'ops' });
}

const message = notice({ to: 'anna-x7', link: 'https://m.example/tasks/r1-1' });

test('a message has a title, the facts as text, and opens its page', async () => {
  expect(await carrier().send(message)).toEqual({ kind: 'sent' });

  expect(server.messages).toEqual([
    {
      topic: 'anna-x7',
      title: 'Approve? Release 1.2 [r1-1]',
      message: [
        'Anna, your approval is asked for.',
        '',
        'Release 1.2',
        'Hosts:',
        '  wave 1: web1',
        '  wave 2: web2, web3',
        'Risk: moderate',
      ].join('\n'),
      priority: 3,
      sequence_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      click: 'https://m.example/tasks/r1-1',
    },
  ]);
});

test.each<[NoticeMessage['urgency'], number]>([
  ['urgent', 5],
  ['normal', 3],
  ['low', 2],
])('what is %s has the priority %i', async (urgency, priority) => {
  await carrier().send({ ...message, urgency });

  expect(server.messages).toMatchObject([{ priority }]);
});

test('what is sent again, since the reply was lost, takes the place of the first', async () => {
  await carrier().send(message);
  await carrier().send(message);
  await carrier().send({ ...message, messageId: 'm2@example.org' });

  expect(server.messages).toHaveLength(2);
});

test('a wrong token is told apart, and a server of everybody needs none', async () => {
  expect(await carrier('wrong').send(message)).toMatchObject({ code: 'NTFY_LOGIN_REJECTED' });
  await server.close();
  server = await openNtfyServer(null);

  expect(await carrier(null).send(message)).toEqual({ kind: 'sent' });
  expect(server.received[0]?.headers).not.toHaveProperty('authorization');
});

test('nothing that a topic gets votes (R-APPR-11)', async () => {
  await carrier().send(message);

  expect(server.received[0]?.text).not.toMatch(/votes\/|"aa"|"bb"|approvals\+/);
});

test('the server never makes a file of a message, and its title is one line', () => {
  fc.assert(
    fc.property(hostileNotice, (hostile) => {
      const { title, message: text, ...rest } = JSON.parse(JSON.stringify(composeNtfy(hostile)));

      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
      expect(title).not.toMatch(/[\p{Cc}\u202E]/u);
      expect(Object.keys(rest).toSorted()).toEqual(['priority', 'sequence_id', 'topic']);
    }),
    { numRuns: 60, examples: hostileTexts.map((title) => [notice({ subject: title })]) },
  );
});
