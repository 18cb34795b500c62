import fc from 'fast-check';
import { z } from 'zod';

import { createChatCarrier } from '../../../activities/chat/client';
import { composeChat } from '../../../activities/chat/message';
import { Secret } from '../../../platform/secret';
import { openPushServer } from '../../support/push-server';
import type { PushServer } from '../../support/push-server';
import { hostileNotice, hostileTexts, notice } from '../notices';

const message = notice({
  to: 'U1',
  title: 'Release <1.2>',
  facts: [{ name: 'Risk', lines: ['high & dry'] }],
  choices: [
    { choice: 'approve', url: null, token: 'aa' },
    { choice: 'abstain', url: null, token: 'bb' },
  ],
});

let server: PushServer;

beforeEach(async () => {
  server = await openPushServer();
});

afterEach(() => server.close());

function carrier() {
  return createChatCarrier({ webhookUrl: new Secret(`${server.url}/hook`) });
}

test('a message has a text and blocks, and its buttons carry the tokens', async () => {
  expect(await carrier().send(message)).toEqual({ kind: 'sent' });

  expect(server.received.map(({ text }) => JSON.parse(text))).toEqual([
    {
      text: '<@U1> your approval is asked for: Release &lt;1.2&gt;',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '<@U1> your approval is asked for.', verbatim: true } },
        { type: 'header', text: { type: 'plain_text', text: 'Release <1.2>' } },
        { type: 'section', text: { type: 'mrkdwn', text: '*Risk*: high &amp; dry', verbatim: true } },
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

test('where nobody could tell who pressed a button there is none, and no link that votes either: others read along (R-APPR-11)', () => {
  const choices = [{ choice: 'approve', url: 'https://m.example/votes/aa/approve', token: null }];
  const closing = ['Answer with the command line: task r1-1.'];

  const text = JSON.stringify(composeChat({ ...message, choices, closing }));

  expect(text).toContain('command line: task r1-1');
  expect(text).not.toMatch(/button|https?:/);
});

test('the page in the console is linked', () => {
  const text = JSON.stringify(composeChat({ ...message, link: 'https://m.example/tasks/r1-1?a=1&b=2' }));

  expect(text).toContain('<https://m.example/tasks/r1-1?a=1&amp;b=2|Open in the console>');
});

const Composed = z.object({
  text: z.string(),
  blocks: z.array(z.object({ type: z.string(), text: z.object({ type: z.string(), text: z.string() }).optional() })),
});

test('no section is empty or longer than the format allows, and nobody is called who is not meant', () => {
  fc.assert(
    fc.property(hostileNotice, (hostile) => {
      const { text, blocks } = Composed.parse(composeChat({ ...hostile, to: 'U1' }));

      const parts = blocks.flatMap((block) => block.text ?? []);
      const formatted = parts.filter(({ type }) => type === 'mrkdwn').map((part) => part.text);
      for (const part of parts) expect(part.text).toMatch(/^[^]{1,3000}$/);
      for (const each of [text, ...formatted]) expect(each.replaceAll('<@U1>', '')).not.toContain('<');
    }),
    { numRuns: 60, examples: hostileTexts.map((text) => [notice({ title: text, opening: [text], closing: [text] })]) },
  );
});
