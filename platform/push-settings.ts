import { z } from 'zod';

import { Secret } from './secret';

/** Channels that take a message by a call of HTTP. Null: not set up. */
export interface PushSettings {
  readonly teams: TeamsSettings | null;
  readonly matrix: MatrixSettings | null;
  readonly ntfy: NtfySettings | null;
  readonly webhook: NotifySettings | null;
}

export interface TeamsSettings {
  /** Of a workflow that posts cards in a channel. */
  readonly webhookUrl: Secret;
}

export interface MatrixSettings {
  /** Of the homeserver, without a slash at the end. */
  readonly url: string;
  readonly token: Secret;
  /** `!room:example.org`: where people are told who have no room of their own. */
  readonly room: string;
}

export interface NtfySettings {
  /** Without a slash at the end. */
  readonly url: string;
  /** Null: the server takes messages from everybody. */
  readonly token: Secret | null;
  /** Topic for people who have none of their own; null: they are not told by ntfy. */
  readonly common: string | null;
}

/** A receiver of our own format, signed as Standard Webhooks says. */
export interface NotifySettings {
  readonly url: Secret;
  readonly secret: Secret;
}

const HttpUrl = z.url({ protocol: /^https?$/, error: 'Expected an http or https address' });
const ServerUrl = HttpUrl.transform((text) => text.replace(/\/+$/, ''));
const SecretText = z.string().transform((text) => new Secret(text));
const SecretUrl = HttpUrl.transform((text) => new Secret(text));

export const pushVariables = {
  MAINSTAY_TEAMS_WEBHOOK_URL: SecretUrl.optional(),
  MAINSTAY_MATRIX_URL: ServerUrl.optional(),
  MAINSTAY_MATRIX_TOKEN: SecretText.optional(),
  MAINSTAY_MATRIX_ROOM: z
    .string()
    .regex(/^![^\s/]+$/, 'Expected the id of a room, as !abc:example.org; an alias that begins with # is none')
    .optional(),
  MAINSTAY_NTFY_URL: ServerUrl.optional(),
  MAINSTAY_NTFY_TOKEN: SecretText.optional(),
  MAINSTAY_NTFY_TOPIC: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Expected a topic: up to 64 letters, digits, - and _')
    .optional(),
  MAINSTAY_NOTIFY_WEBHOOK_URL: SecretUrl.optional(),
  MAINSTAY_NOTIFY_WEBHOOK_SECRET: SecretText.optional(),
} as const;

const PushVariables = z.object(pushVariables);
type PushVariables = z.infer<typeof PushVariables>;

/** What is of no use without something else. */
export const pushNeeds = [
  ['MAINSTAY_TEAMS_WEBHOOK_URL', 'MAINSTAY_PUBLIC_URL'],
  ['MAINSTAY_MATRIX_URL', 'MAINSTAY_MATRIX_TOKEN'],
  ['MAINSTAY_MATRIX_URL', 'MAINSTAY_MATRIX_ROOM'],
  ['MAINSTAY_MATRIX_URL', 'MAINSTAY_PUBLIC_URL'],
  ['MAINSTAY_MATRIX_TOKEN', 'MAINSTAY_MATRIX_URL'],
  ['MAINSTAY_MATRIX_ROOM', 'MAINSTAY_MATRIX_URL'],
  ['MAINSTAY_NTFY_URL', 'MAINSTAY_PUBLIC_URL'],
  ['MAINSTAY_NTFY_TOKEN', 'MAINSTAY_NTFY_URL'],
  ['MAINSTAY_NTFY_TOPIC', 'MAINSTAY_NTFY_URL'],
  ['MAINSTAY_NOTIFY_WEBHOOK_URL', 'MAINSTAY_NOTIFY_WEBHOOK_SECRET'],
  ['MAINSTAY_NOTIFY_WEBHOOK_URL', 'MAINSTAY_PUBLIC_URL'],
  ['MAINSTAY_NOTIFY_WEBHOOK_SECRET', 'MAINSTAY_NOTIFY_WEBHOOK_URL'],
] as const satisfies readonly (readonly [
  name: keyof PushVariables,
  needed: keyof PushVariables | 'MAINSTAY_PUBLIC_URL',
])[];

export function pushSettings(variables: PushVariables): PushSettings {
  return {
    teams: teamsSettings(variables),
    matrix: matrixSettings(variables),
    ntfy: ntfySettings(variables),
    webhook: notifySettings(variables),
  };
}

function teamsSettings({ MAINSTAY_TEAMS_WEBHOOK_URL: webhookUrl }: PushVariables): TeamsSettings | null {
  return webhookUrl === undefined ? null : { webhookUrl };
}

function matrixSettings(variables: PushVariables): MatrixSettings | null {
  const { MAINSTAY_MATRIX_URL: url, MAINSTAY_MATRIX_TOKEN: token, MAINSTAY_MATRIX_ROOM: room } = variables;
  return url === undefined || token === undefined || room === undefined ? null : { url, token, room };
}

function ntfySettings(variables: PushVariables): NtfySettings | null {
  const { MAINSTAY_NTFY_URL: url, MAINSTAY_NTFY_TOKEN: token, MAINSTAY_NTFY_TOPIC: common } = variables;
  return url === undefined ? null : { url, token: token ?? null, common: common ?? null };
}

function notifySettings(variables: PushVariables): NotifySettings | null {
  const { MAINSTAY_NOTIFY_WEBHOOK_URL: url, MAINSTAY_NOTIFY_WEBHOOK_SECRET: secret } = variables;
  return url === undefined || secret === undefined ? null : { url, secret };
}
