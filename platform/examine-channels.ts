import type { ChannelSettings } from './channel-settings';
import type { Finding } from './finding';
import { knock } from './temporal-health';

interface Way {
  readonly name: string;
  /** Where it must answer for messages to go out; null: nothing is asked of it. */
  readonly server: { readonly url: URL; readonly variable: string } | null;
}

/** Whether people are told, and by which ways their votes come back. */
export async function examineChannels(channels: ChannelSettings): Promise<Finding> {
  const name = 'channels';
  const ways = waysOf(channels);
  if (ways.length === 0)
    return { name, verdict: 'ok', found: 'none: votes come by the command line and the API only', advice: '' };
  const found = ways.map((way) => way.name).join(', ');
  if (channels.replies?.allowUnauthenticated === true) {
    const advice = 'Unset MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED: anybody can write an address into a mail.';
    return { name, verdict: 'warn', found: `${found}, and senders are not checked`, advice };
  }
  const silent = (await Promise.all(ways.map(silence))).filter((one) => one !== null);
  if (silent.length === 0) return { name, verdict: 'ok', found, advice: '' };
  return {
    name,
    verdict: 'warn',
    found: `${found}, but nothing answers at ${silent.map(({ place }) => place).join(', ')}`,
    advice: `Check ${silent.map(({ variable }) => variable).join(', ')} and what listens there; messages wait and are tried again.`,
  };
}

function waysOf({ mail, replies, chat, teams, matrix, ntfy, webhook }: ChannelSettings): readonly Way[] {
  const ways = [
    mail && { name: 'mail', server: { url: new URL(mail.smtpUrl.reveal()), variable: 'MAINSTAY_SMTP_URL' } },
    replies && { name: 'answers by mail', server: null },
    chat && wayTo('chat', chat.webhookUrl.reveal(), 'MAINSTAY_CHAT_WEBHOOK_URL'),
    teams && wayTo('Teams', teams.webhookUrl.reveal(), 'MAINSTAY_TEAMS_WEBHOOK_URL'),
    matrix && wayTo('Matrix', matrix.url, 'MAINSTAY_MATRIX_URL'),
    ntfy && wayTo('ntfy', ntfy.url, 'MAINSTAY_NTFY_URL'),
    webhook && wayTo('webhook', webhook.url.reveal(), 'MAINSTAY_NOTIFY_WEBHOOK_URL'),
  ];
  return ways.filter((way) => way !== null);
}

function wayTo(name: string, url: string, variable: string): Way {
  return { name, server: { url: new URL(url), variable } };
}

const usualPorts: { readonly [protocol: string]: number } = { 'http:': 80, 'https:': 443, 'smtp:': 587, 'smtps:': 465 };

/** Null: it answers. Host and port are all that is said of an address: the rest is a secret. */
async function silence({ server }: Way): Promise<{ readonly place: string; readonly variable: string } | null> {
  if (server === null) return null;
  const { hostname, port, protocol } = server.url;
  const number = port === '' ? (usualPorts[protocol] ?? 443) : Number(port);
  const host = hostname.replace(/^\[|\]$/g, '');
  return (await knock(host, number)) ? null : { place: `${hostname}:${number}`, variable: server.variable };
}
