import fc from 'fast-check';

import { createMatrixCarrier } from '../../../activities/matrix/client';
import { composeMatrix } from '../../../activities/matrix/message';
import { Secret } from '../../../platform/secret';
import { openMatrixServer } from '../../support/matrix-server';
import type { MatrixServer } from '../../support/matrix-server';
import { hostileNotice, hostileTexts, notice } from '../notices';

let server: MatrixServer;

beforeEach(async () => {
  server = await openMatrixServer({ token: 'right', rooms: ['!ops:example.org', '!anna/own'] });
});

afterEach(() => server.close());

function carrier(token = 'right') {
  return createMatrixCarrier({ url: server.url, token: new Secret(token), room: '!ops:example.org' });
}

const message = notice({ to: '@anna:example.org', name: 'Anna', link: 'https://m.example/tasks/r1-1' });

test('a person is mentioned in the room of all, in text and in HTML', async () => {
  expect(await carrier().send(message)).toEqual({ kind: 'sent' });

  expect(server.events).toEqual([
    {
      room: '!ops:example.org',
      content: {
        msgtype: 'm.text',
        body: [
          'Anna, your approval is asked for.',
          '',
          'Release 1.2',
          'Hosts:',
          '  wave 1: web1',
          '  wave 2: web2, web3',
          'Risk: moderate',
          '',
          'In the console: https://m.example/tasks/r1-1',
        ].join('\n'),
        format: 'org.matrix.custom.html',
        formatted_body: [
          '<p><a href="https://matrix.to/#/%40anna%3Aexample.org">Anna</a>, your approval is asked for.</p>',
          '<p><strong>Release 1.2</strong></p>',
          '<ul><li><strong>Hosts</strong>: wave 1: web1<br>wave 2: web2, web3</li>',
          '<li><strong>Risk</strong>: moderate</li></ul>',
          '<p><a href="https://m.example/tasks/r1-1">Open in the console</a></p>',
        ].join(''),
        'm.mentions': { user_ids: ['@anna:example.org'] },
      },
    },
  ]);
});

test('who has a room of their own is told there, and nobody is mentioned', async () => {
  expect(await carrier().send({ ...message, to: '!anna/own' })).toEqual({ kind: 'sent' });

  expect(server.events).toMatchObject([{ room: '!anna/own', content: { 'm.mentions': {} } }]);
});

test('what is sent again, since the reply was lost, is one event; another message is another', async () => {
  await carrier().send(message);
  server.next(null);

  expect(await carrier().send({ ...message, messageId: 'm2@example.org' })).toMatchObject({ kind: 'failed' });
  expect(await carrier().send({ ...message, messageId: 'm2@example.org' })).toEqual({ kind: 'sent' });
  expect(await carrier().send({ ...message, messageId: 'm2@example.org' })).toEqual({ kind: 'sent' });
  expect(server.events).toHaveLength(2);
  expect(new Set(server.received.map(({ path }) => path)).size).toBe(2);
});

test('what the homeserver says is wrong is in the reason, in its word for it', async () => {
  expect(await carrier('wrong').send(message)).toEqual({
    kind: 'failed',
    code: 'MATRIX_LOGIN_REJECTED',
    reason: 'the homeserver answers with status 401 (M_UNKNOWN_TOKEN)',
  });
  expect(await carrier().send({ ...message, to: '!elsewhere:example.org' })).toMatchObject({
    code: 'MATRIX_REFUSED',
    reason: 'the homeserver answers with status 403 (M_FORBIDDEN)',
  });
});

test('a homeserver that says in its answer how long to wait is believed', async () => {
  server.next({ status: 429, body: { errcode: 'M_LIMIT_EXCEEDED', error: 'slow', retry_after_ms: 2_000 } });

  expect(await carrier().send(message)).toEqual({
    kind: 'failed',
    code: 'MATRIX_BUSY',
    reason: 'the homeserver answers with status 429 (M_LIMIT_EXCEEDED)',
    retryAfterMs: 2_000,
  });
});

test('nothing that a room reads votes (R-APPR-11)', async () => {
  await carrier().send(message);

  expect(server.received[0]?.text).not.toMatch(/votes\/|"aa"|"bb"|approvals\+/);
});

test('an event never is too large, and has no tag that others wrote', () => {
  const tags = /<(?!\/?(?:p|strong|ul|li|br|a)\b)/;

  fc.assert(
    fc.property(hostileNotice, (hostile) => {
      const text = JSON.stringify(composeMatrix({ ...hostile, to: '@anna:example.org' }));

      const { formatted_body: html } = JSON.parse(text);
      expect(html).not.toMatch(tags);
      expect(html.match(/<a /g)).toHaveLength(1);
      expect(Buffer.byteLength(text)).toBeLessThan(60_000);
    }),
    { numRuns: 60, examples: hostileTexts.map((title) => [notice({ title, opening: [title], name: title })]) },
  );
});
