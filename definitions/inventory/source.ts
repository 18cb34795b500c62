import { execFile } from 'node:child_process';
import { dirname } from 'node:path';

import { parseDuration } from '../../workflows/domain/duration';
import { referenceOf, secretOf } from '../kinds/inventory';
import type { SecretField, Source } from '../kinds/inventory';
import { AnsibleInventory } from './ansible';

const defaultTimeoutMs = 30_000;
const answerLimitBytes = 64 * 1024 * 1024;

export type SourceAnswer =
  { readonly ok: true; readonly value: AnsibleInventory } | { readonly ok: false; readonly reason: string };

/** Resolves a reference for the owner of a document; rejects with the reason why it cannot. */
export type SecretResolver = (reference: string, owner: string) => Promise<string>;

/** What a source is asked for: a command runs in the folder of the inventory's document. */
export interface Asking {
  readonly file: string;
  readonly owner: string;
  readonly secrets: SecretResolver;
}

/** Asks a command or a URL, once, within bounds. */
export async function askSource(source: Source, asking: Asking): Promise<SourceAnswer> {
  const timeout = parseDuration(source.timeout ?? '');
  const timeoutMs = timeout.kind === 'ms' ? timeout.ms : defaultTimeoutMs;
  const text =
    source.verb === 'command'
      ? await runCommand(source.command, { cwd: dirname(asking.file), timeoutMs })
      : await fetchText(source, asking, timeoutMs);
  return text.ok ? parseAnswer(text.value) : text;
}

type TextAnswer = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: string };

function runCommand(
  command: readonly string[],
  options: { readonly cwd: string; readonly timeoutMs: number },
): Promise<TextAnswer> {
  const [program = '', ...args] = command;
  const { cwd, timeoutMs } = options;
  return new Promise((resolve) => {
    const settings = {
      cwd,
      timeout: timeoutMs,
      maxBuffer: answerLimitBytes,
      killSignal: 'SIGKILL',
      windowsHide: true,
    } as const;
    const child = execFile(program, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, value: stdout });
      return resolve({ ok: false, reason: commandReason(error, stderr, timeoutMs) });
    });
    child.stdin?.end();
  });
}

function commandReason(
  error: { readonly code?: unknown; readonly killed?: boolean; readonly signal?: unknown },
  stderr: string,
  timeoutMs: number,
): string {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return `it answered more than ${answerLimitBytes / 1024 / 1024} MiB`;
  if (error.killed === true) return `it did not end within ${timeoutMs / 1000} s`;
  if (error.code === 'ENOENT') return 'there is no such program';
  if (typeof error.code === 'string') return error.code;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return `it ended with ${typeof error.code === 'number' ? `exit code ${error.code}` : String(error.signal)}${last === '' ? '' : `: ${last.slice(0, 200)}`}`;
}

type UrlSource = Extract<Source, { verb: 'url' }>;

async function fetchText(source: UrlSource, asking: Asking, timeoutMs: number): Promise<TextAnswer> {
  const headers = await headersOf(source, asking);
  if (!headers.ok) return headers;
  // Few inventories ask a service, and every command loads this file.
  const { default: axios } = await import('axios');
  try {
    const response = await axios.get<string>(source.url, {
      headers: { accept: 'application/json', ...headers.value },
      // Another address may be another's: what was meant for this one does not go there.
      maxRedirects: headers.secret ? 0 : 5,
      timeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
      maxContentLength: answerLimitBytes,
      responseType: 'text',
      transformResponse: (body: unknown) => body,
      validateStatus: () => true,
    });
    if (response.status !== 200) return { ok: false, reason: `it answered with status ${response.status}` };
    return { ok: true, value: String(response.data) };
  } catch (error) {
    return { ok: false, reason: fetchReason(error, timeoutMs) };
  }
}

type HeadersAnswer =
  | { readonly ok: true; readonly value: { readonly [name: string]: string }; readonly secret: boolean }
  | { readonly ok: false; readonly reason: string };

async function headersOf({ headers = {}, auth }: UrlSource, { owner, secrets }: Asking): Promise<HeadersAnswer> {
  const value: { [name: string]: string } = {};
  let secret = auth !== undefined;
  const reveal = async (field: SecretField): Promise<string> => {
    const reference = referenceOf(field);
    secret ||= reference !== null;
    return reference === null ? secretOf(field) : secrets(reference, owner);
  };
  try {
    for (const [name, field] of Object.entries(headers)) value[name] = await reveal(field);
    if (auth !== undefined && 'bearer' in auth) value['authorization'] = `Bearer ${await reveal(auth.bearer)}`;
    else if (auth !== undefined) {
      const pair = `${auth.username}:${await reveal(auth.password)}`;
      value['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    return { ok: true, value, secret };
  } catch (error) {
    // A resolver says which reference and why, never what it stands for.
    return { ok: false, reason: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

function fetchReason(error: unknown, timeoutMs: number): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
  return code === 'ERR_CANCELED' || code === 'ECONNABORTED' ? `it did not answer within ${timeoutMs / 1000} s` : code;
}

function parseAnswer(text: string): SourceAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // A SyntaxError is how JSON.parse says that the text is something else.
    return { ok: false, reason: 'it answered something that is not JSON' };
  }
  const parsed = AnsibleInventory.safeParse(json);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, reason: 'it answered JSON that is not a map' };
}
