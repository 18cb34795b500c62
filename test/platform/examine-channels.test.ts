import { readConfig } from '../../platform/config';
import { examineChannels } from '../../platform/examine-channels';
import { freePort } from '../../platform/free-port';
import { openMailServer } from '../support/mail-server';
import { openPushServer } from '../support/push-server';

const from = { MAINSTAY_MAIL_FROM: 'mainstay@example.org', MAINSTAY_PUBLIC_URL: 'https://m.example' };
const replies = { MAINSTAY_MAIL_REPLY_TO: 'approvals@example.org', MAINSTAY_MAIL_LISTEN: '127.0.0.1:2525' };

async function look(environment: { readonly [name: string]: string }) {
  return examineChannels(readConfig(environment).channels);
}

test('without channels all is well, and says so', async () => {
  expect(await look({})).toMatchObject({ verdict: 'ok', found: expect.stringContaining('none') });
});

test('a mail server that answers is well; one that does not, and senders that are not checked, are warned of', async () => {
  const server = await openMailServer();
  const mail = { ...from, ...replies, MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${server.port}` };
  const good = await look(mail);
  const unchecked = await look({ ...mail, MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED: 'test-only' });
  await server.close();

  const port = await freePort();
  const silent = await look({ ...from, MAINSTAY_SMTP_URL: `smtp://robot:hunter2@127.0.0.1:${port}` });

  expect(good).toMatchObject({ verdict: 'ok', found: 'mail, answers by mail' });
  expect(unchecked).toMatchObject({ verdict: 'warn', found: expect.stringContaining('senders are not checked') });
  expect(silent).toMatchObject({ verdict: 'warn', found: `mail, but nothing answers at 127.0.0.1:${port}` });
  expect(JSON.stringify(silent)).not.toContain('hunter2');
});

test('each service that takes messages is looked for, and no secret of its address is said', async () => {
  const server = await openPushServer();
  const port = await freePort();
  const services = {
    MAINSTAY_PUBLIC_URL: 'https://m.example',
    MAINSTAY_CHAT_WEBHOOK_URL: `${server.url}/tops3cret`,
    MAINSTAY_TEAMS_WEBHOOK_URL: `${server.url}/?sig=tops3cret`,
    MAINSTAY_MATRIX_URL: server.url,
    MAINSTAY_MATRIX_TOKEN: 'tops3cret',
    MAINSTAY_MATRIX_ROOM: '!ops:example.org',
    MAINSTAY_NTFY_URL: server.url,
    MAINSTAY_NOTIFY_WEBHOOK_URL: `${server.url}/tops3cret`,
    MAINSTAY_NOTIFY_WEBHOOK_SECRET: 'tops3cret',
  };

  const good = await look(services);
  const silent = await look({
    ...services,
    MAINSTAY_TEAMS_WEBHOOK_URL: `http://127.0.0.1:${port}/?sig=tops3cret`,
    MAINSTAY_NTFY_URL: `http://127.0.0.1:${port}`,
  });
  await server.close();

  expect(good).toEqual({
    name: 'channels',
    verdict: 'ok',
    found: 'chat, Teams, Matrix, ntfy, webhook',
    advice: '',
  });
  expect(silent).toMatchObject({
    verdict: 'warn',
    found: expect.stringContaining(`but nothing answers at 127.0.0.1:${port}, 127.0.0.1:${port}`),
    advice: expect.stringContaining('Check MAINSTAY_TEAMS_WEBHOOK_URL, MAINSTAY_NTFY_URL'),
  });
  expect(JSON.stringify(silent)).not.toContain('tops3cret');
});
