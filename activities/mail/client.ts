import { createTransport } from 'nodemailer';

import type { MailSettings } from '../../platform/channel-settings';
import { messageOf } from '../../platform/system-error';
import type { Carrier } from '../notice-message';
import type { MailFailureCode } from './failures';
import { composeMail } from './message';

const connectWithinMs = 10_000;
const silenceMs = 30_000;

/** `sent`: the first mail server has taken it. A repeat under the same message id is the same mail. */
export function createMailCarrier({
  smtpUrl,
  from,
}: Pick<MailSettings, 'smtpUrl' | 'from'>): Required<Omit<Carrier, 'common'>> {
  const transport = createTransport({
    url: smtpUrl.reveal(),
    pool: true,
    maxConnections: 5,
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: silenceMs,
    // What a message says is text: nothing in it may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const { subject, text, html } = composeMail(mail);
      const { to, urgency, messageId, reference, threadId, replyTo } = mail;
      try {
        await transport.sendMail({
          from,
          to,
          subject,
          text,
          html,
          messageId: `<${messageId}>`,
          references: [`<${threadId}>`],
          ...(replyTo === null ? {} : { replyTo }),
          ...(urgency === 'urgent' ? { priority: 'high' } : {}),
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            'X-Mainstay-Notice': reference,
          },
        });
        return { kind: 'sent' };
      } catch (error) {
        return { kind: 'failed', code: codeOf(error), reason: messageOf(error) };
      }
    },
    close: () => transport.close(),
  };
}

/** The one place where errors of the library become ours. */
function codeOf(error: unknown): MailFailureCode {
  const { code, responseCode } = shapeOf(error);
  if (code === 'EAUTH') return 'MAIL_LOGIN_REJECTED';
  if (responseCode >= 500) return 'MAIL_REFUSED';
  return responseCode >= 400 ? 'MAIL_REFUSED_FOR_NOW' : 'MAIL_UNREACHABLE';
}

function shapeOf(error: unknown): { readonly code: string; readonly responseCode: number } {
  const object = typeof error === 'object' && error !== null ? error : {};
  return {
    code: 'code' in object && typeof object.code === 'string' ? object.code : '',
    responseCode: 'responseCode' in object && typeof object.responseCode === 'number' ? object.responseCode : 0,
  };
}
