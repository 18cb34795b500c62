import fc from 'fast-check';

import { createTeamsCarrier } from '../../../activities/teams/client';
import { composeTeams } from '../../../activities/teams/message';
import { Secret } from '../../../platform/secret';
import { openTeamsServer, TeamsMessage } from '../../support/teams-server';
import type { TeamsServer } from '../../support/teams-server';
import { hostileNotice, hostileTexts, notice } from '../notices';

let server: TeamsServer;

beforeEach(async () => {
  server = await openTeamsServer();
});

afterEach(() => server.close());

function carrier() {
  return createTeamsCarrier({ webhookUrl: new Secret(server.webhookUrl) });
}

const message = notice({ to: 'Anna Berg', link: 'https://m.example/tasks/r1-1' });

test('a card says who is meant, what for, the facts, and where to look', async () => {
  expect(await carrier().send(message)).toEqual({ kind: 'sent' });

  const [card] = server.cards;
  expect(card?.body.map(({ inlines }) => inlines.map(({ text }) => text).join(''))).toEqual([
    'Anna Berg, your approval is asked for.',
    'Release 1.2',
    'Hosts:',
    'wave 1: web1',
    'wave 2: web2, web3',
    'Risk: moderate',
  ]);
  expect(card?.actions).toEqual([
    { type: 'Action.OpenUrl', title: 'Open in the console', url: 'https://m.example/tasks/r1-1' },
  ]);
});

test('what cannot wait stands out, and without a page there is no button', async () => {
  await carrier().send({ ...message, urgency: 'urgent', link: null });

  expect(server.cards[0]?.body[1]?.inlines[0]).toMatchObject({ text: 'Release 1.2', color: 'Attention' });
  expect(server.cards[0]?.actions).toEqual([]);
});

test('nothing that a whole channel reads votes (R-APPR-11)', async () => {
  await carrier().send(message);

  expect(server.received[0]?.text).not.toMatch(/votes\/|"aa"|"bb"|approvals\+/);
});

test('a channel takes every message, and nothing in it that others wrote is more than text', () => {
  fc.assert(
    fc.property(hostileNotice, (hostile) => {
      const composed = composeTeams(hostile);

      // The fake takes runs of text alone, which know no Markdown.
      expect(TeamsMessage.parse(composed).attachments[0].content.actions).toEqual([]);
      expect(Buffer.byteLength(JSON.stringify(composed))).toBeLessThanOrEqual(28 * 1024);
    }),
    { numRuns: 60, examples: hostileTexts.map((title) => [notice({ title, opening: [title] })]) },
  );
});
