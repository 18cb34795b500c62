import { dkimVerify } from 'mailauth/lib/dkim/verify';
import type { ParsedMail } from 'mailparser';
import { z } from 'zod';

import type { ReplySettings } from '../../platform/channel-settings';

/** A mail as it came, and as it was read. */
export interface IncomingMail {
  readonly raw: Buffer;
  readonly parsed: ParsedMail;
}

export type TextResolver = (domain: string, type: string) => Promise<string[][] | string[]>;

export interface SenderCheck extends Pick<ReplySettings, 'trustedAuthserv' | 'allowUnauthenticated'> {
  /** Of the person who was asked. */
  readonly email: string | null;
  /** A signature must cover one of these: else a mail about something else would do. */
  readonly references: readonly string[];
  /** DNS; absent: that of the machine. */
  readonly resolve?: TextResolver;
}

/**
 * Anybody can write any address into a From line. It is believed when the domain in it has signed the message (DKIM, aligned), or when
 * a relay that was named by the operator says that it has checked. Null: believed; else why not.
 *
 * - S1 One From line with one address, or nothing is said about who the sender is.
 * - S2 The signature covers the whole body and what tells which task is answered; else an old mail of the person would do.
 */
export async function senderProblem(mail: IncomingMail, check: SenderCheck): Promise<string | null> {
  const address = soleSender(mail.parsed);
  if (address === null) return 'the mail does not have exactly one sender';
  if (check.email === null || address !== check.email.toLowerCase())
    return `it was sent from "${address}", which is not the address of the person who was asked`;
  if (check.allowUnauthenticated) return null;
  const domain = address.replace(/^.*@/, '');
  return check.trustedAuthserv === null
    ? signatureProblem(mail, domain, check)
    : relayProblem(mail.parsed, domain, check.trustedAuthserv);
}

function soleSender({ from, headerLines }: ParsedMail): string | null {
  if (headerLines.filter(({ key }) => key === 'from').length !== 1) return null;
  const [only, ...others] = from?.value ?? [];
  return others.length > 0 || only?.address === undefined ? null : only.address.toLowerCase();
}

const Verified = z.object({
  results: z.array(
    z.looseObject({
      algo: z.string().default(''),
      canonBodyLengthLimited: z.boolean().default(false),
      signatureTimeValid: z.boolean().default(true),
      signingHeaders: z.looseObject({ keys: z.string(), headers: z.array(z.string()) }).optional(),
      status: z.looseObject({ result: z.string(), aligned: z.union([z.string(), z.literal(false)]).optional() }),
    }),
  ),
});
type Signature = z.infer<typeof Verified>['results'][number];

const fewestKeyBits = 1024;

async function signatureProblem(
  { raw, parsed }: IncomingMail,
  domain: string,
  { references, resolve }: SenderCheck,
): Promise<string | null> {
  const isPartial = parsed.headerLines.some(({ key, line }) => key === 'dkim-signature' && /;\s*l\s*=/.test(line));
  if (isPartial) return 'its signature covers a part of the text only';
  const options = { minBitLength: fewestKeyBits, ...(resolve === undefined ? {} : { resolver: resolve }) };
  const { results } = Verified.parse(await dkimVerify(raw, options));
  const good = results.filter(isGood);
  // The sender's mail server tries again: an answer is not lost because a name server was away.
  if (good.length === 0 && results.some(({ status }) => status.result === 'temperror'))
    throw new Error(`Cannot check the signature of "${domain}": its key could not be looked up`);
  if (good.length === 0) return `no valid signature of "${domain}" is on it`;
  const isBound = good.some((signature) => references.some((reference) => covers(signature, parsed, reference)));
  return isBound ? null : 'its signature does not cover what tells which task is answered';
}

function isGood({ status, algo, canonBodyLengthLimited, signatureTimeValid }: Signature): boolean {
  if (status.result !== 'pass' || typeof status.aligned !== 'string') return false;
  return /-sha256$/i.test(algo) && !canonBodyLengthLimited && signatureTimeValid;
}

function covers({ signingHeaders }: Signature, { subject, headerLines }: ParsedMail, reference: string): boolean {
  if (signingHeaders === undefined) return false;
  const text = signingHeaders.headers.map((line) => line.replaceAll(/\r?\n[\t ]+/g, '')).join('\n');
  if (text.includes(reference)) return true;
  const signsSubject = signingHeaders.keys.split(':').some((key) => key.trim().toLowerCase() === 'subject');
  // Umlauts make a subject unreadable in its raw form. Of two subjects the signature may mean the other.
  const isSole = headerLines.filter(({ key }) => key === 'subject').length === 1;
  return signsSubject && isSole && (subject ?? '').includes(reference);
}

/** The topmost one is that of the last relay; whatever stands below may have come with the mail. */
function relayProblem({ headerLines }: ParsedMail, domain: string, authserv: string): string | null {
  const topmost = headerLines.find(({ key }) => key === 'authentication-results')?.line ?? '';
  const [, body = ''] = /^[^:]*:([\s\S]*)$/.exec(topmost) ?? [];
  const [server = '', ...results] = body
    .replaceAll(/\([^()]*\)/g, ' ')
    .split(';')
    .map((part) => part.replaceAll(/\s+/g, ' ').trim().toLowerCase());
  if (server.split(' ')[0] !== authserv.toLowerCase()) return `the relay "${authserv}" has not checked it`;
  const isVouched = results.some((result) => {
    const dmarc = /^dmarc=pass\b.*\bheader\.from=([^\s]+)/.exec(result)?.[1];
    const dkim = /^dkim=pass\b.*\bheader\.(?:d|i)=@?([^\s]+)/.exec(result)?.[1];
    return dmarc === domain || (dkim !== undefined && isWithin(domain, dkim));
  });
  return isVouched ? null : `the relay "${authserv}" did not find it to be from "${domain}"`;
}

function isWithin(domain: string, signer: string): boolean {
  return domain === signer || (signer.includes('.') && domain.endsWith(`.${signer}`));
}
