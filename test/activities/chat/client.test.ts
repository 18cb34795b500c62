import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { createChatSender } from '../../../activities/chat/client';
import type { VoteChat } from '../../../activities/chat/message';
import { Secret } from '../../../platform/secret';

const message: VoteChat = {
  to: 'U1',
  what: 'opened',
  summary: { taskId: 'r1-1', title: 'Release <1.2>', facts: [{ name: 'Risk', lines: ['high & dry'] }] },
  remark: '',
  buttons: [
    { choice: 'approve', token: 'aa' },
    { choice: 'abstain', token: 'bb' },
  ],
};

let service: FastifyInstance | null = null;

afterEach(async () => {
  await service?.close();
  service = null;
});

async function hook(status: number): Promise<{ readonly url: Secret; readonly bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const started = fastify();
  service = started;
  started.post('/hook', async (request, reply) => {
    bodies.push(request.body);
    return reply.code(status).send('ok');
  });
  return { url: new Secret(`${await started.listen({ host: '127.0.0.1', port: 0 })}/hook`), bodies };
}

test('a message has a text and blocks, and its buttons carry the tokens', async () => {
  const { url, bodies } = await hook(200);

  expect(await createChatSender({ webhookUrl: url }).send(message)).toEqual({ kind: 'sent' });

  expect(bodies).toEqual([
    {
      text: '<@U1> your approval is asked for: Release &lt;1.2&gt;',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '<@U1> your approval is asked for.' } },
        { type: 'header', text: { type: 'plain_text', text: 'Release <1.2>' } },
        { type: 'section', text: { type: 'mrkdwn', text: '*Risk*: high &amp; dry' } },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'vote:approve',
              text: { type: 'plain_text', text: 'approve' },
              value: 'aa',
              style: 'primary',
            },
            { type: 'button', action_id: 'vote:abstain', text: { type: 'plain_text', text: 'abstain' }, value: 'bb' },
          ],
        },
      ],
    },
  ]);
});

test('where nobody could tell who pressed a button there is none, and no link either: others read along (R-APPR-11)', async () => {
  const { url, bodies } = await hook(200);

  await createChatSender({ webhookUrl: url }).send({ ...message, buttons: [] });

  expect(JSON.stringify(bodies)).toContain('command line: task r1-1');
  expect(JSON.stringify(bodies)).not.toMatch(/button|https?:/);
});

test.each([
  [500, 'CHAT_UNREACHABLE'],
  [429, 'CHAT_UNREACHABLE'],
  [404, 'CHAT_REFUSED'],
  [302, 'CHAT_REFUSED'],
])('a webhook that answers with %i is %s, without its address in the reason', async (status, code) => {
  const { url } = await hook(status);

  const result = await createChatSender({ webhookUrl: url }).send(message);

  expect(result).toMatchObject({ kind: 'failed', code });
  expect(JSON.stringify(result)).not.toContain('/hook');
});
