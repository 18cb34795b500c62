import type { ChannelSettings } from './channel-settings';
import type { Finding } from './doctor';
import { knock } from './temporal-health';

/** Whether people are told of tasks, and by which ways their votes come back. */
export async function examineChannels(channels: ChannelSettings): Promise<Finding> {
  const { mail, replies, chat } = channels;
  const name = 'channels';
  if (mail === null && chat === null)
    return { name, verdict: 'ok', found: 'none: votes come by the command line and the API only', advice: '' };
  const ways = [
    mail === null ? null : 'mail',
    replies === null ? null : 'answers by mail',
    chat === null ? null : 'chat',
  ];
  const found = ways.filter((way) => way !== null).join(', ');
  if (replies?.allowUnauthenticated === true) {
    const advice = 'Unset MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED: anybody can write an address into a mail.';
    return { name, verdict: 'warn', found: `${found}, and senders are not checked`, advice };
  }
  if (mail !== null) {
    const { hostname, port, protocol } = new URL(mail.smtpUrl.reveal());
    const number = port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port);
    if (!(await knock(hostname, number))) {
      const advice = 'Check MAINSTAY_SMTP_URL and the mail server; messages wait and are tried again.';
      return { name, verdict: 'warn', found: `${found}, but nothing answers at ${hostname}:${number}`, advice };
    }
  }
  return { name, verdict: 'ok', found, advice: '' };
}
