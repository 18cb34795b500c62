import { once } from 'node:events';
import { callbackify } from 'node:util';

import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly parsed: ParsedMail;
  readonly at: number;
}

/** The mail server of the recipients: takes everything, unless told otherwise. */
export interface MailServer {
  readonly port: number;
  readonly received: ReceivedMail[];
  /** Resolves with the newest mail that fits, now or later. */
  arrival(fits: (mail: ReceivedMail) => boolean): Promise<ReceivedMail>;
  /** Until further notice recipients are refused with this code; null: they are not. */
  refuseWith(code: number | null): void;
  /** Takes the next message, and answers as if it had not. */
  loseNextReply(): void;
  /** Once: when the next message is about to come, or when it has been taken and nobody has been told so. */
  atNext(moment: 'coming' | 'taken', act: () => void): void;
  close(): Promise<void>;
}

export async function openMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  let refusal: number | null = null;
  let isLosing = false;
  const acts = new Map<'coming' | 'taken', () => void>();
  function reach(moment: 'coming' | 'taken'): void {
    const act = acts.get(moment);
    acts.delete(moment);
    act?.();
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    ...options,
    onRcptTo(_address, _session, callback) {
      reach('coming');
      callback(refusal === null ? null : Object.assign(new Error('refused by the test'), { responseCode: refusal }));
    },
    onData: callbackify(take),
  });
  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const isLost = isLosing;
    isLosing = false;
    const parsed = await simpleParser(stream);
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom === false ? '' : mailFrom.address;
    received.push({ from, to: rcptTo.map(({ address }) => address), parsed, at: Date.now() });
    for (const look of waiting) look();
    reach('taken');
    if (isLost) throw Object.assign(new Error('connection lost'), { responseCode: 421 });
    return 'taken';
  }
  // A client that drops the line is no failure of the test.
  server.on('error', () => undefined);
  const listening = once(server.server, 'listening');
  server.listen(0, '127.0.0.1');
  await listening;
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received,
    arrival: (fits) =>
      new Promise((resolve) => {
        function look(): void {
          const found = received.findLast(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        }
        waiting.add(look);
        look();
      }),
    refuseWith: (code) => void (refusal = code),
    loseNextReply: () => void (isLosing = true),
    atNext: (moment, act) => void acts.set(moment, act),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
