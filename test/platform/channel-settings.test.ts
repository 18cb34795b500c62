import { inspect } from 'node:util';

import { readConfig } from '../../platform/config';
import type { Environment } from '../../platform/config';

const smtp = {
  MAINSTAY_SMTP_URL: 'smtp://robot:hunter2@mail.example.org:587',
  MAINSTAY_MAIL_FROM: 'Mainstay <mainstay@example.org>',
  MAINSTAY_PUBLIC_URL: 'https://mainstay.example.org/',
};
const replies = { MAINSTAY_MAIL_REPLY_TO: 'approvals@example.org', MAINSTAY_MAIL_LISTEN: '127.0.0.1:2525' };

test('without settings there is no channel but the API', () => {
  expect(readConfig({}).channels).toEqual({
    publicUrl: null,
    mail: null,
    replies: null,
    chat: null,
    teams: null,
    matrix: null,
    ntfy: null,
    webhook: null,
  });
});

test('mail, replies and chat are read, and their secrets are not shown', () => {
  const environment = {
    ...smtp,
    ...replies,
    MAINSTAY_CHAT_WEBHOOK_URL: 'https://chat.example.org/hooks/tops3cret',
    MAINSTAY_CHAT_SIGNING_SECRET: 'tops3cret',
  };

  const { channels } = readConfig(environment);

  expect(channels).toMatchObject({
    publicUrl: 'https://mainstay.example.org',
    mail: { from: 'Mainstay <mainstay@example.org>', replyTo: 'approvals@example.org' },
    replies: {
      host: '127.0.0.1',
      port: 2525,
      address: 'approvals@example.org',
      trustedAuthserv: null,
      allowUnauthenticated: false,
    },
  });
  expect(channels.mail?.smtpUrl.reveal()).toContain('hunter2');
  expect(inspect(channels, { depth: 5 })).not.toMatch(/hunter2|tops3cret/);
});

const push = {
  MAINSTAY_PUBLIC_URL: 'https://mainstay.example.org',
  MAINSTAY_TEAMS_WEBHOOK_URL: 'https://teams.example.org/workflows/abc?sig=tops3cret',
  MAINSTAY_MATRIX_URL: 'https://matrix.example.org/',
  MAINSTAY_MATRIX_TOKEN: 'tops3cret',
  MAINSTAY_MATRIX_ROOM: '!ops:example.org',
  MAINSTAY_NTFY_URL: 'https://ntfy.example.org/',
  MAINSTAY_NTFY_TOKEN: 'tops3cret',
  MAINSTAY_NTFY_TOPIC: 'mainstay-ops',
  MAINSTAY_NOTIFY_WEBHOOK_URL: 'https://gateway.example.org/notices?key=tops3cret',
  MAINSTAY_NOTIFY_WEBHOOK_SECRET: 'tops3cret',
};

test('Teams, Matrix, ntfy and a webhook are read, and their secrets are not shown', () => {
  const { channels } = readConfig(push);

  expect(channels).toMatchObject({
    matrix: { url: 'https://matrix.example.org', room: '!ops:example.org' },
    ntfy: { url: 'https://ntfy.example.org', common: 'mainstay-ops' },
  });
  const { teams, matrix, ntfy, webhook } = channels;
  for (const secret of [teams?.webhookUrl, matrix?.token, ntfy?.token, webhook?.url, webhook?.secret])
    expect(secret?.reveal()).toContain('tops3cret');
  expect(inspect(channels, { depth: 5 })).not.toContain('tops3cret');
});

test('ntfy needs neither a token nor a topic of all', () => {
  const { MAINSTAY_PUBLIC_URL, MAINSTAY_NTFY_URL } = push;

  expect(readConfig({ MAINSTAY_PUBLIC_URL, MAINSTAY_NTFY_URL }).channels.ntfy).toEqual({
    url: 'https://ntfy.example.org',
    token: null,
    common: null,
  });
});

test.each<[string, Environment, string]>([
  ['Teams without an address for links', { ...push, MAINSTAY_PUBLIC_URL: undefined }, 'MAINSTAY_PUBLIC_URL'],
  ['Teams at no address', { ...push, MAINSTAY_TEAMS_WEBHOOK_URL: 'teams' }, 'MAINSTAY_TEAMS_WEBHOOK_URL'],
  ['Matrix without a token', { ...push, MAINSTAY_MATRIX_TOKEN: undefined }, 'MAINSTAY_MATRIX_TOKEN'],
  ['Matrix without a room', { ...push, MAINSTAY_MATRIX_ROOM: undefined }, 'MAINSTAY_MATRIX_ROOM'],
  ['an alias for a room', { ...push, MAINSTAY_MATRIX_ROOM: '#ops:example.org' }, 'MAINSTAY_MATRIX_ROOM'],
  ['a token without Matrix', { ...push, MAINSTAY_MATRIX_URL: undefined }, 'MAINSTAY_MATRIX_URL'],
  ['a topic without ntfy', { ...push, MAINSTAY_NTFY_URL: undefined }, 'MAINSTAY_NTFY_URL'],
  ['a topic that is none', { ...push, MAINSTAY_NTFY_TOPIC: 'mainstay/ops' }, 'MAINSTAY_NTFY_TOPIC'],
  [
    'a webhook without a secret',
    { ...push, MAINSTAY_NOTIFY_WEBHOOK_SECRET: undefined },
    'MAINSTAY_NOTIFY_WEBHOOK_SECRET',
  ],
  ['a secret without a webhook', { ...push, MAINSTAY_NOTIFY_WEBHOOK_URL: undefined }, 'MAINSTAY_NOTIFY_WEBHOOK_URL'],
  ['mail without a sender', { ...smtp, MAINSTAY_MAIL_FROM: undefined }, 'MAINSTAY_MAIL_FROM'],
  ['mail without an address for links', { ...smtp, MAINSTAY_PUBLIC_URL: undefined }, 'MAINSTAY_PUBLIC_URL'],
  ['a sender that is no address', { ...smtp, MAINSTAY_MAIL_FROM: 'Mainstay' }, 'MAINSTAY_MAIL_FROM'],
  ['a reply address without a listener', { ...smtp, MAINSTAY_MAIL_REPLY_TO: 'a@b.c' }, 'MAINSTAY_MAIL_LISTEN'],
  [
    'a reply address that leaves no room for the token',
    { ...smtp, ...replies, MAINSTAY_MAIL_REPLY_TO: 'approvals-of-changes@b.c' },
    'MAINSTAY_MAIL_REPLY_TO',
  ],
  [
    'a listener that everybody can reach',
    { ...smtp, ...replies, MAINSTAY_MAIL_LISTEN: '0.0.0.0:25' },
    'MAINSTAY_MAIL_LISTEN',
  ],
  [
    'unauthenticated mail that is not called a test',
    { ...smtp, ...replies, MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED: 'yes' },
    'MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED',
  ],
  ['buttons without a chat', { MAINSTAY_CHAT_SIGNING_SECRET: 'x' }, 'MAINSTAY_CHAT_WEBHOOK_URL'],
])('%s is refused (R-APPR-11)', (_what, environment, named) => {
  expect(() => readConfig(environment)).toThrow(named);
});
