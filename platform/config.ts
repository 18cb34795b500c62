import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

import { z } from 'zod';

import { apiContradictions, apiSettings, apiVariables } from './api-settings';
import type { ApiSettings } from './api-settings';
import { channelContradictions, channelSettings, channelVariables } from './channel-settings';
import type { ChannelSettings } from './channel-settings';
import { evidenceContradictions, evidenceSettings, evidenceVariables, payloadSettings } from './evidence-settings';
import type { EvidenceSettings, PayloadSettings } from './evidence-settings';
import { identityContradictions, identitySettings, identityVariables } from './identity-settings';
import type { IdentitySettings } from './identity-settings';
import { Secret } from './secret';

/** Everything that the surroundings tell us. Read once at the start of a process and passed in. */
export interface Config {
  /** Absolute. Of `MAINSTAY_DATA`, else the user's own. */
  readonly dataDirectory: string;
  /** False when `dataDirectory` is only the default. */
  readonly dataDirectoryGiven: boolean;
  /** PostgreSQL instead of the file in the data directory. */
  readonly databaseUrl: Secret | null;
  readonly temporal: TemporalSettings;
  readonly api: ApiSettings;
  readonly identity: IdentitySettings;
  /** The engine that the command line works with, where it is not the one of a data directory here. */
  readonly remote: { readonly url: string; readonly token: Secret } | null;
  /** How long the output of ended runs is kept; null: for ever. */
  readonly keepOutputDays: number | null;
  readonly log: { readonly level: LogLevel };
  /** A child of `mainstay up`: it ends when its standard input does. */
  readonly supervised: boolean;
  readonly vault: { readonly address: string | null; readonly token: Secret | null; readonly namespace: string | null };
  readonly ssh: { readonly agentSocket: string | null };
  readonly http: { readonly privateAddresses: 'allow' | 'refuse' };
  readonly channels: ChannelSettings;
  readonly evidence: EvidenceSettings;
  readonly payloads: PayloadSettings;
  readonly places: Places;
  /** Address of the server that the tests of this run share. */
  readonly testServer: string | null;
}

export interface TemporalSettings {
  /** Null: the embedded server. */
  readonly address: string | null;
  readonly namespace: string;
  readonly apiKey: Secret | null;
  readonly tls: TlsSettings | null;
}

export interface TlsSettings {
  readonly serverName: string | null;
  readonly rootCertificate: Buffer | null;
  readonly client: { readonly certificate: Buffer; readonly key: Buffer } | null;
}

export interface Places {
  /** `<cache>/mainstay` holds what can be fetched again. */
  readonly cache: string;
  /** `<config>/mainstay` points at the data directory that was used last. */
  readonly config: string;
  /** Folders in which programs are looked for. */
  readonly path: readonly string[];
  /** Where the archive of the Temporal command line program comes from; null: the official address. */
  readonly temporalDownload: string | null;
}

export type LogLevel = z.infer<typeof LogLevel>;
export type Environment = Readonly<Record<string, string | undefined>>;

const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
const Flag = z
  .enum(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'])
  .transform((text) => ['1', 'true', 'yes', 'on'].includes(text));
const Days = z
  .string()
  .regex(/^([1-9][0-9]{0,4}|forever)$/, 'Expected a number of days, or "forever"')
  .transform((text) => (text === 'forever' ? null : Number(text)));
const Address = z.string().regex(/^[^\s:/]+:[0-9]{1,5}$|^\[[0-9a-fA-F:]+\]:[0-9]{1,5}$/, 'Expected host:port');
const HttpUrl = z.url({ protocol: /^https?$/, error: 'Expected an http or https address' });
const PostgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'Expected postgres://user:password@host/database' });
const SecretText = z.string().transform((text) => new Secret(text));
const FileBytes = z.string().transform(readFileOrReport);

const Variables = z.object({
  MAINSTAY_DATA: z.string().optional(),
  DATABASE_URL: PostgresUrl.optional(),
  TEMPORAL_ADDRESS: Address.optional(),
  TEMPORAL_NAMESPACE: z.string().default('mainstay'),
  TEMPORAL_API_KEY: SecretText.optional(),
  TEMPORAL_TLS: Flag.optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: FileBytes.optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: FileBytes.optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: FileBytes.optional(),
  MAINSTAY_URL: HttpUrl.optional(),
  MAINSTAY_TOKEN: SecretText.optional(),
  MAINSTAY_KEEP_OUTPUT_DAYS: Days.default(90),
  MAINSTAY_LOG_LEVEL: LogLevel.default('info'),
  MAINSTAY_SUPERVISED: Flag.default(false),
  MAINSTAY_HTTP_PRIVATE_ADDRESSES: z.enum(['allow', 'refuse']).default('allow'),
  MAINSTAY_TEMPORAL_DOWNLOAD: HttpUrl.optional(),
  MAINSTAY_TEST_TEMPORAL: Address.optional(),
  VAULT_ADDR: HttpUrl.optional(),
  VAULT_TOKEN: SecretText.optional(),
  VAULT_NAMESPACE: z.string().optional(),
  SSH_AUTH_SOCK: z.string().optional(),
  PATH: z.string().default(''),
  XDG_CACHE_HOME: z.string().optional(),
  XDG_CONFIG_HOME: z.string().optional(),
  XDG_DATA_HOME: z.string().optional(),
  ...apiVariables,
  ...identityVariables,
  ...channelVariables,
  ...evidenceVariables,
});
type Variables = z.infer<typeof Variables>;

/** All problems of the environment at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`Cannot read the configuration: ${problems.join('; ')}`);
  }
}

export function readConfig(environment: Environment = process.env): Config {
  const parsed = Variables.safeParse(withoutEmpty(environment));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(describeIssue));
  const variables = parsed.data;
  const problems = contradictions(variables);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    dataDirectory: resolve(variables.MAINSTAY_DATA ?? join(dataHome(variables), 'mainstay')),
    dataDirectoryGiven: variables.MAINSTAY_DATA !== undefined,
    databaseUrl: variables.DATABASE_URL === undefined ? null : new Secret(variables.DATABASE_URL),
    temporal: temporalSettings(variables),
    api: apiSettings(variables),
    identity: identitySettings(variables),
    remote: remoteEngine(variables),
    keepOutputDays: variables.MAINSTAY_KEEP_OUTPUT_DAYS,
    log: { level: variables.MAINSTAY_LOG_LEVEL },
    supervised: variables.MAINSTAY_SUPERVISED,
    vault: {
      address: variables.VAULT_ADDR ?? null,
      token: variables.VAULT_TOKEN ?? null,
      namespace: variables.VAULT_NAMESPACE ?? null,
    },
    ssh: { agentSocket: variables.SSH_AUTH_SOCK ?? null },
    http: { privateAddresses: variables.MAINSTAY_HTTP_PRIVATE_ADDRESSES },
    channels: channelSettings(variables),
    evidence: evidenceSettings(variables),
    payloads: payloadSettings(variables),
    places: places(variables),
    testServer: variables.MAINSTAY_TEST_TEMPORAL ?? null,
  };
}

/** The environment of a child process: ours, with some settings changed. A null takes the setting away. */
export function childEnvironment(
  changes: Readonly<Record<string, string | null>>,
  environment: Environment = process.env,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...environment, ...changes })) {
    if (typeof value === 'string') result[name] = value;
  }
  return result;
}

/** What an `env:NAME` secret reference means on this worker. */
export function readEnvironmentSecret(name: string, environment: Environment = process.env): Secret | null {
  const value = environment[name];
  return value === undefined ? null : new Secret(value);
}

/** A variable that is set to nothing means the same as one that is not set. */
function withoutEmpty(environment: Environment): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && value !== '') result[name] = value;
  }
  return result;
}

/** Zod's own messages may quote the input, which may be a secret: only names and expectations are told. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.');
  return issue.code === 'invalid_value' ? `${name}: Expected ${issue.values.join(' | ')}` : `${name}: ${issue.message}`;
}

function contradictions(variables: Variables): string[] {
  const problems: string[] = [
    ...apiContradictions(variables),
    ...identityContradictions(variables),
    ...channelContradictions(variables),
    ...evidenceContradictions(variables),
  ];
  const hasCertificate = variables.TEMPORAL_TLS_CLIENT_CERT_PATH !== undefined;
  const hasKey = variables.TEMPORAL_TLS_CLIENT_KEY_PATH !== undefined;
  if (hasCertificate && !hasKey)
    problems.push('TEMPORAL_TLS_CLIENT_KEY_PATH: Expected with TEMPORAL_TLS_CLIENT_CERT_PATH');
  if (hasKey && !hasCertificate)
    problems.push('TEMPORAL_TLS_CLIENT_CERT_PATH: Expected with TEMPORAL_TLS_CLIENT_KEY_PATH');
  if (variables.MAINSTAY_URL !== undefined && variables.MAINSTAY_TOKEN === undefined)
    problems.push('MAINSTAY_TOKEN: Expected with MAINSTAY_URL');
  if (variables.MAINSTAY_TOKEN !== undefined && variables.MAINSTAY_URL === undefined)
    problems.push('MAINSTAY_URL: Expected with MAINSTAY_TOKEN');
  if (variables.TEMPORAL_API_KEY !== undefined && variables.TEMPORAL_ADDRESS === undefined) {
    problems.push('TEMPORAL_ADDRESS: Expected with TEMPORAL_API_KEY');
  }
  return problems;
}

function remoteEngine({ MAINSTAY_URL: url, MAINSTAY_TOKEN: token }: Variables): Config['remote'] {
  return url === undefined || token === undefined ? null : { url: url.replace(/\/+$/, ''), token };
}

function temporalSettings(variables: Variables): TemporalSettings {
  return {
    address: variables.TEMPORAL_ADDRESS ?? null,
    namespace: variables.TEMPORAL_NAMESPACE,
    apiKey: variables.TEMPORAL_API_KEY ?? null,
    tls: tlsSettings(variables),
  };
}

/** As the `temporal` program does: a certificate or an API key turns TLS on unless TEMPORAL_TLS says no. */
function tlsSettings(variables: Variables): TlsSettings | null {
  const certificate = variables.TEMPORAL_TLS_CLIENT_CERT_PATH;
  const key = variables.TEMPORAL_TLS_CLIENT_KEY_PATH;
  const implied =
    certificate !== undefined ||
    variables.TEMPORAL_TLS_SERVER_CA_CERT_PATH !== undefined ||
    variables.TEMPORAL_API_KEY !== undefined;
  if (!(variables.TEMPORAL_TLS ?? implied)) return null;
  return {
    serverName: variables.TEMPORAL_TLS_SERVER_NAME ?? null,
    rootCertificate: variables.TEMPORAL_TLS_SERVER_CA_CERT_PATH ?? null,
    client: certificate === undefined || key === undefined ? null : { certificate, key },
  };
}

function places(variables: Variables): Places {
  return {
    cache: join(variables.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mainstay'),
    config: join(variables.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'mainstay'),
    path: variables.PATH.split(delimiter).filter((folder) => folder !== ''),
    temporalDownload: variables.MAINSTAY_TEMPORAL_DOWNLOAD ?? null,
  };
}

function dataHome(variables: Variables): string {
  return variables.XDG_DATA_HOME ?? join(homedir(), '.local', 'share');
}

function readFileOrReport(path: string, context: z.core.$RefinementCtx): Buffer {
  try {
    return readFileSync(path);
  } catch {
    context.addIssue({ code: 'custom', message: `Cannot read file "${path}"`, input: path });
    return z.NEVER;
  }
}
