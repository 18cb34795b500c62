import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { callbackify } from 'node:util';

import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';

import type { Logger } from '../../platform/logger';
import { messageOf } from '../../platform/system-error';
import { receiveReply } from './reply';
import type { Envelope, ReplyPlace } from './reply';

export interface ReplyListener {
  readonly port: number;
  stop(): Promise<void>;
}

/** An answer with what it quotes; pictures in signatures are most of it. */
const largestMailBytes = 10 * 1024 * 1024;
const silenceMs = 60_000;
const clientsAtOnce = 20;

/**
 * Takes answers by SMTP from the mail server of this machine. Whoever sends is told by the reply whether to try again (4xx), or to tell
 * the author that it was no use (5xx): we write to nobody who might not have written to us.
 */
export async function listenForReplies(place: ReplyPlace, logger: Logger): Promise<ReplyListener> {
  const { host, port, address, allowUnauthenticated } = place.settings;
  if (allowUnauthenticated)
    logger.warn(
      { setting: 'MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED' },
      'votes by mail are taken from anybody who writes the right address into a mail: for test set-ups only',
    );
  const server = new SMTPServer({
    name: 'mainstay',
    banner: 'Mainstay: answers to approvals',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    size: largestMailBytes,
    socketTimeout: silenceMs,
    maxClients: clientsAtOnce,
    onRcptTo: (recipient, _session, callback) =>
      callback(isOurs(recipient.address, address) ? null : refusal(550, 'no such address here')),
    onData: callbackify((stream: SMTPServerDataStream, session: SMTPServerSession) =>
      take(place, { stream, session, logger }),
    ),
  });
  server.on('error', (error: Error) => logger.warn({ error: messageOf(error) }, 'mail connection broken'));
  const listening = once(server.server, 'listening');
  server.listen(port, host);
  await listening;
  const found = server.server.address();
  return {
    port: typeof found === 'object' && found !== null ? found.port : port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Taken {
  readonly stream: SMTPServerDataStream;
  readonly session: SMTPServerSession;
  readonly logger: Logger;
}

/** The text of the SMTP reply; throws what is to be refused. */
async function take(place: ReplyPlace, { stream, session, logger }: Taken): Promise<string> {
  const raw = await readAll(stream);
  if (stream.sizeExceeded || raw === null) throw refusal(552, 'the message is too large');
  const outcome = await receiveReply(place, envelopeOf(session), raw).catch((error: unknown) => {
    logger.warn({ error: messageOf(error) }, 'answer by mail not taken: the sender tries again');
    throw refusal(451, 'try again later');
  });
  logger.info({ outcome: outcome.kind }, 'answer by mail');
  switch (outcome.kind) {
    case 'counted':
    case 'repeated':
    case 'ignored':
    case 'refused':
      return outcome.kind;
    case 'bounced':
      throw refusal(550, outcome.reason);
  }
}

function envelopeOf({ envelope }: SMTPServerSession): Envelope {
  const { mailFrom, rcptTo } = envelope;
  return { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
}

/** Null: more than may be. It is read to its end all the same, for the sender hears the reply only then. */
async function readAll(stream: Readable): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    size += part.length;
    if (size <= largestMailBytes) parts.push(part);
  }
  return size > largestMailBytes ? null : Buffer.concat(parts);
}

/** With a tag or without: mail programs may answer to the plain address, and the token stands in the references then. */
function isOurs(recipient: string, address: string): boolean {
  const [name = '', domain = ''] = recipient.toLowerCase().split('@');
  return `${name.replace(/\+.*$/, '')}@${domain}` === address.toLowerCase();
}

function refusal(responseCode: number, message: string): Error & { readonly responseCode: number } {
  return Object.assign(new Error(message), { responseCode });
}
