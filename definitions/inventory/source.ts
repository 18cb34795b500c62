import { execFile } from 'node:child_process';
import { dirname } from 'node:path';

import axios from 'axios';

import { parseDuration } from '../../workflows/domain/duration';
import type { Source } from '../kinds/inventory';
import { AnsibleInventory } from './ansible';

const defaultTimeoutMs = 30_000;
const answerLimitBytes = 64 * 1024 * 1024;

export type SourceAnswer =
  { readonly ok: true; readonly value: AnsibleInventory } | { readonly ok: false; readonly reason: string };

/** Asks a command or a URL, once, within bounds. `file`: the inventory's document; a command runs in its folder. */
export async function askSource(source: Source, file: string): Promise<SourceAnswer> {
  const timeout = parseDuration(source.timeout ?? '');
  const timeoutMs = timeout.kind === 'ms' ? timeout.ms : defaultTimeoutMs;
  const text =
    source.verb === 'command'
      ? await runCommand(source.command, { cwd: dirname(file), timeoutMs })
      : await fetchText(source, timeoutMs);
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

async function fetchText(source: Extract<Source, { verb: 'url' }>, timeoutMs: number): Promise<TextAnswer> {
  try {
    const response = await axios.get<string>(source.url, {
      headers: { accept: 'application/json', ...source.headers },
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
