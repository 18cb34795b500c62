import { z } from 'zod';

import { pushNeeds, pushSettings, pushVariables } from './push-settings';
import type { PushSettings } from './push-settings';
import { Secret } from './secret';

/** How people are told, and how their votes come back. Null: not set up. */
export interface ChannelSettings extends PushSettings {
  /** Without a slash at the end. Links of messages begin with it. */
  readonly publicUrl: string | null;
  readonly mail: MailSettings | null;
  readonly replies: ReplySettings | null;
  readonly chat: ChatSettings | null;
}

export interface MailSettings {
  /** `smtp://user:password@host:port`. */
  readonly smtpUrl: Secret;
  /** `Mainstay <mainstay@example.org>` or the address alone. */
  readonly from: string;
  /** Answers go to this address, with a token as its tag. Null: votes by reply are not offered. */
  readonly replyTo: string | null;
}

export interface ReplySettings {
  readonly host: string;
  readonly port: number;
  /** `approvals@example.org`, whose tagged form reaches the listener. */
  readonly address: string;
  /** The relay that checks senders and whose Authentication-Results are believed. Null: we check signatures ourselves. */
  readonly trustedAuthserv: string | null;
  /** For test set-ups only: a sender is whoever it claims to be. */
  readonly allowUnauthenticated: boolean;
}

export interface ChatSettings {
  readonly webhookUrl: Secret;
  /** Null: messages have links only, since nobody could tell who pressed a button. */
  readonly signingSecret: Secret | null;
}

const SecretText = z.string().transform((text) => new Secret(text));
const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'Expected an http or https address' })
  .transform((text) => text.replace(/\/+$/, ''));
const mailbox = /^[^\s<>@+]+@[^\s<>@]+$/;
/** The tag that a reply address gets is 47 characters, and a local part has 64. */
const longestReplyName = 17;

export const channelVariables = {
  MAINSTAY_PUBLIC_URL: HttpUrl.optional(),
  MAINSTAY_SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'Expected smtp://user:password@host:port' })
    .transform((text) => new Secret(text))
    .optional(),
  MAINSTAY_MAIL_FROM: z
    .string()
    .refine((text) => mailbox.test(addressIn(text)), 'Expected a mail address, or Name <address>')
    .optional(),
  MAINSTAY_MAIL_REPLY_TO: z
    .string()
    .regex(mailbox, 'Expected a mail address without a tag')
    .refine((text) => text.indexOf('@') <= longestReplyName, `Expected at most ${longestReplyName} characters before @`)
    .optional(),
  MAINSTAY_MAIL_LISTEN: z
    .string()
    .regex(/^127(\.[0-9]{1,3}){3}:[0-9]{1,5}$/, 'Expected a loopback address with its port, as 127.0.0.1:2525')
    .optional(),
  MAINSTAY_MAIL_TRUSTED_AUTHSERV: z.string().optional(),
  MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED: z.literal('test-only', { error: 'Expected test-only, or nothing' }).optional(),
  MAINSTAY_CHAT_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'Expected an http or https address' })
    .transform((text) => new Secret(text))
    .optional(),
  MAINSTAY_CHAT_SIGNING_SECRET: SecretText.optional(),
  ...pushVariables,
} as const;

const ChannelVariables = z.object(channelVariables);
type ChannelVariables = z.infer<typeof ChannelVariables>;

export function channelSettings(variables: ChannelVariables): ChannelSettings {
  return {
    publicUrl: variables.MAINSTAY_PUBLIC_URL ?? null,
    mail: mailSettings(variables),
    replies: replySettings(variables),
    chat: chatSettings(variables),
    ...pushSettings(variables),
  };
}

/** What is of no use without something else. */
const needs: readonly (readonly [name: keyof ChannelVariables, needed: keyof ChannelVariables])[] = [
  ['MAINSTAY_SMTP_URL', 'MAINSTAY_MAIL_FROM'],
  ['MAINSTAY_SMTP_URL', 'MAINSTAY_PUBLIC_URL'],
  ['MAINSTAY_MAIL_FROM', 'MAINSTAY_SMTP_URL'],
  ['MAINSTAY_MAIL_REPLY_TO', 'MAINSTAY_SMTP_URL'],
  ['MAINSTAY_MAIL_REPLY_TO', 'MAINSTAY_MAIL_LISTEN'],
  ['MAINSTAY_MAIL_LISTEN', 'MAINSTAY_MAIL_REPLY_TO'],
  ['MAINSTAY_MAIL_TRUSTED_AUTHSERV', 'MAINSTAY_MAIL_LISTEN'],
  ['MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED', 'MAINSTAY_MAIL_LISTEN'],
  ['MAINSTAY_CHAT_WEBHOOK_URL', 'MAINSTAY_PUBLIC_URL'],
  ['MAINSTAY_CHAT_SIGNING_SECRET', 'MAINSTAY_CHAT_WEBHOOK_URL'],
  ...pushNeeds,
];

export function channelContradictions(variables: ChannelVariables): readonly string[] {
  const problems: string[] = [];
  for (const [name, needed] of needs)
    if (variables[name] !== undefined && variables[needed] === undefined)
      problems.push(`${needed}: Expected with ${name}`);
  return problems;
}

/** `Mainstay <mainstay@example.org>` → `mainstay@example.org`. */
export function addressIn(text: string): string {
  return /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
}

function mailSettings(variables: ChannelVariables): MailSettings | null {
  const { MAINSTAY_SMTP_URL: smtpUrl, MAINSTAY_MAIL_FROM: from } = variables;
  if (smtpUrl === undefined || from === undefined) return null;
  return { smtpUrl, from, replyTo: variables.MAINSTAY_MAIL_REPLY_TO ?? null };
}

function replySettings(variables: ChannelVariables): ReplySettings | null {
  const { MAINSTAY_MAIL_LISTEN: listen, MAINSTAY_MAIL_REPLY_TO: address } = variables;
  if (listen === undefined || address === undefined) return null;
  const [host = '', port = ''] = listen.split(':');
  return {
    host,
    port: Number(port),
    address,
    trustedAuthserv: variables.MAINSTAY_MAIL_TRUSTED_AUTHSERV ?? null,
    allowUnauthenticated: variables.MAINSTAY_MAIL_ALLOW_UNAUTHENTICATED !== undefined,
  };
}

function chatSettings(variables: ChannelVariables): ChatSettings | null {
  const { MAINSTAY_CHAT_WEBHOOK_URL: webhookUrl, MAINSTAY_CHAT_SIGNING_SECRET: signingSecret } = variables;
  return webhookUrl === undefined ? null : { webhookUrl, signingSecret: signingSecret ?? null };
}
