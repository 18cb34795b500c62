import { createHash } from 'node:crypto';

import { readConfig } from '../../platform/config';
import { createLogger } from '../../platform/logger';
import { createCarriers } from '../../workers/carriers';
import { deliverDue } from '../../workers/courier';
import { notice } from '../activities/notices';
import { openMailServer } from '../support/mail-server';
import { openMatrixServer } from '../support/matrix-server';
import { openNtfyServer } from '../support/ntfy-server';
import { openPushServer } from '../support/push-server';
import { openTeamsServer } from '../support/teams-server';
import { openedAt, openVoting } from '../support/voting';

/** Each as close to the real one as our part of it goes, and the settings that lead to it. */
async function openServices() {
  const mail = await openMailServer();
  const teams = await openTeamsServer();
  const matrix = await openMatrixServer({ token: 'right', rooms: ['!ops:example.org'] });
  const ntfy = await openNtfyServer('right');
  const others = await openPushServer();
  const settings = {
    MAINSTAY_PUBLIC_URL: 'https://m.example',
    MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    MAINSTAY_MAIL_FROM: 'mainstay@example.org',
    MAINSTAY_CHAT_WEBHOOK_URL: `${others.url}/chat`,
    MAINSTAY_CHAT_SIGNING_SECRET: 'signed',
    MAINSTAY_TEAMS_WEBHOOK_URL: teams.webhookUrl,
    MAINSTAY_MATRIX_URL: matrix.url,
    MAINSTAY_MATRIX_TOKEN: 'right',
    MAINSTAY_MATRIX_ROOM: '!ops:example.org',
    MAINSTAY_NTFY_URL: `${ntfy.url}/`,
    MAINSTAY_NTFY_TOKEN: 'right',
    MAINSTAY_NTFY_TOPIC: 'ops',
    MAINSTAY_NOTIFY_WEBHOOK_URL: `${others.url}/notify`,
    MAINSTAY_NOTIFY_WEBHOOK_SECRET: 'whsec_c2hhcmVkIHNlY3JldA==',
  };
  return {
    services: { mail, teams, matrix, ntfy, others },
    settings,
    close: () => Promise.all([mail, teams, matrix, ntfy, others].map((service) => service.close())),
  };
}

test('without settings there is no carrier', () => {
  expect(createCarriers(readConfig({}))).toEqual({});
});

test('each channel that is set up has a carrier, which takes a message where the settings say', async () => {
  const { services, settings, close } = await openServices();
  const carriers = createCarriers(readConfig(settings));
  const addresses = { mail: 'anna@example.org', chat: 'U1', teams: 'Anna', matrix: '@anna:example.org', ntfy: 'ops' };

  const results: unknown[] = [];
  for (const [channel, carrier] of Object.entries(carriers))
    results.push([
      channel,
      await carrier.send(notice({ to: new Map(Object.entries(addresses)).get(channel) ?? 'user/anna' })),
    ]);
  carriers.mail?.close?.();
  await close();

  expect(results).toEqual(
    ['mail', 'chat', 'teams', 'matrix', 'ntfy', 'webhook'].map((channel) => [channel, { kind: 'sent' }]),
  );
  expect(carriers.ntfy?.common).toBe('ops');
  expect(services.mail.received).toHaveLength(1);
  expect(services.teams.cards).toHaveLength(1);
  expect(services.matrix.events).toMatchObject([{ room: '!ops:example.org' }]);
  expect(services.ntfy.messages).toMatchObject([{ topic: 'ops' }]);
  expect(services.others.received.map(({ path }) => path)).toEqual(['/chat', '/notify']);
});

test('where private addresses are refused the webhook is not called; the services that settings name are', async () => {
  const { services, settings, close } = await openServices();
  const carriers = createCarriers(readConfig({ ...settings, MAINSTAY_HTTP_PRIVATE_ADDRESSES: 'refuse' }));

  const chat = await carriers.chat?.send(notice());
  const webhook = await carriers.webhook?.send(notice());
  carriers.mail?.close?.();
  await close();

  expect(chat).toEqual({ kind: 'sent' });
  expect(webhook).toMatchObject({ kind: 'failed', reason: expect.stringContaining('private address') });
  expect(services.others.received.map(({ path }) => path)).toEqual(['/chat']);
});

test('who is asked is told once by each channel that knows them, and by mail alone with links that vote (R-APPR-11)', async () => {
  const { services, settings, close } = await openServices();
  const scene = await openVoting();
  const addresses = `{name: Anna, email: anna@example.org, chat: U1, teams: Anna Berg, matrix: '@anna:example.org', ntfy: anna-x7}`;
  const text = `apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: anna}\nspec: ${addresses}\n`;
  const digest = createHash('sha256').update(text).digest('hex');
  const document = { kind: 'Person', name: 'anna', version: '0.0.2', digest, text, files: {} };
  await scene.store.definitions.publish(document, { actor: 'user/anna', via: 'test', at: openedAt });
  const config = readConfig(settings);
  const carriers = createCarriers(config);
  const { store, people, voteKey, now } = scene;
  const audience = () => Promise.resolve([]);
  const logger = createLogger('test', 'silent');
  const publicUrl = 'https://m.example';
  const parts = { store, people, voteKey, now, audience, carriers, logger, publicUrl };

  while ((await deliverDue({ ...parts, mail: config.channels.mail, hasButtons: true })) > 0);
  carriers.mail?.close?.();
  await Promise.all([close(), scene.close()]);

  const { mail, teams, matrix, ntfy, others } = services;
  // Ben has no other address: he is told by mail, in the chat, in the topic of all, and by the webhook.
  expect(mail.received.flatMap(({ to }) => to).toSorted()).toEqual(['anna@example.org', 'ben@example.org']);
  expect(teams.cards).toHaveLength(1);
  expect(matrix.events).toHaveLength(1);
  expect(ntfy.messages.map(({ topic }) => topic).toSorted()).toEqual(['anna-x7', 'ops']);
  expect(others.received.map(({ path }) => path).toSorted()).toEqual(['/chat', '/chat', '/notify', '/notify']);
  for (const { parsed } of mail.received) expect(parsed.text).toMatch(/https:\/\/m\.example\/votes\//);
  const calls = [teams, matrix, ntfy, others].flatMap(({ received }) => received);
  for (const { path, headers, text: body } of calls) {
    expect(body).toContain('Release 1.2');
    expect(body).not.toContain('/votes/');
    // Tokens are 46 characters, and but for the buttons of a chat there is none, not even as a part of an id.
    if (path !== '/chat') expect(`${path} ${JSON.stringify(headers)} ${body}`).not.toMatch(/\b[a-z2-7]{46}\b/);
  }
});
