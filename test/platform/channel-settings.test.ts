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
  expect(readConfig({}).channels).toEqual({ publicUrl: null, mail: null, replies: null, chat: null });
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

test.each<[string, Environment, string]>([
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
