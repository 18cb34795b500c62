import { createHash } from 'node:crypto';

import type { JsonObject } from '../../workflows/domain/json';
import type { OperationContext, OperationResult } from '../connector';
import { commandText } from './command';
import type { SshFailureCode } from './failures';
import { fileExit, getScript, putScript, restoreScript } from './file-scripts';
import { savedName } from './launcher';
import { failure, runOnHost } from './on-host';
import type { HostResult } from './on-host';
import { GetInput, PutInput, RestoreOutput } from './schema';
import { hostOf } from './surroundings';
import type { SshSurroundings } from './surroundings';

export async function putFile(
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const put = PutInput.parse(input);
  const content =
    put.file === undefined ? Buffer.from(put.content ?? '') : Buffer.from(await context.blob(put.file.blob));
  const sha256 = sha256Of(content);
  const env = {
    ...fileVariables(put, context),
    SHA: sha256,
    MODE: put.mode,
    OWNER: put.owner ?? '',
    GROUP: put.group ?? '',
  };
  const script = scriptText(putScript, { env, stdin: content, words: put.validate ?? [] });
  const ran = await runOnHost({ command: script }, context, surroundings);
  const changed = ran.file?.toString('utf8').trim() === '1';
  return resultOf(ran, context, {
    changed,
    what: `put "${put.dest}"`,
    result: { changed, sha256, sizeBytes: content.length },
  });
}

export async function restoreFile(
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const put = PutInput.parse(input);
  const script = scriptText(restoreScript, { env: fileVariables(put, context), words: [] });
  const ran = await runOnHost({ command: script }, context, surroundings);
  const answer = RestoreOutput.shape.restored.safeParse(ran.file?.toString('utf8').trim());
  const restored = answer.success ? answer.data : 'nothing';
  const changed = restored !== 'nothing';
  return resultOf(ran, context, { changed, what: `restore "${put.dest}"`, result: { changed, restored } });
}

export async function getFile(
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const get = GetInput.parse(input);
  const script = scriptText(getScript, { env: { SOURCE: get.path, LIMIT: String(get.maxBytes) }, words: [] });
  // The file's content is the result, not output for everybody to read.
  const quiet = { ...context, output: { write: () => undefined } };
  const ran = await runOnHost({ command: script, keepBytes: get.maxBytes }, quiet, surroundings);
  const bytes = ran.recorder.stdout.bytes;
  const result = {
    content: textOf(bytes),
    base64: bytes.toString('base64'),
    sha256: sha256Of(bytes),
    sizeBytes: bytes.length,
  };
  return resultOf({ ...ran, output: null }, context, { changed: false, what: `get "${get.path}"`, result });
}

interface ScriptParts {
  readonly env: { readonly [name: string]: string };
  readonly stdin?: Uint8Array;
  /** Handed to the script as its arguments. */
  readonly words: readonly string[];
}

/** The script goes by `sh -c` rather than as a file: its arguments come after it. */
function scriptText(script: string, parts: ScriptParts): string {
  const { words, ...rest } = parts;
  return commandText({ words: ['/bin/sh', '-uc', script, 'mainstay', ...words], umask: '077', ...rest });
}

function fileVariables(put: PutInput, context: OperationContext): { readonly [name: string]: string } {
  const id = sha256Of(Buffer.from(put.dest)).slice(0, 16);
  return { DEST: put.dest, ID: id, SAVED: `${savedName(context.identity)}-${id}` };
}

interface FileResult {
  readonly changed: boolean;
  readonly what: string;
  readonly result: JsonObject;
}

function resultOf(ran: HostResult, context: OperationContext, file: FileResult): OperationResult {
  const output = ran.output === null ? {} : { output: ran.output };
  const { startedAt, endedAt, status } = ran.verdict;
  if (status !== 'failed' || ran.exitCode === null)
    return { ...ran.verdict, result: file.result, changed: file.changed, ...output };
  const reason = lastLine(ran.recorder.stderr.bytes.toString('utf8'));
  const error = failure(
    codeOf(ran),
    `Cannot ${file.what} on "${hostOf(context).name}": ${reason === '' ? `exit code ${ran.exitCode}` : reason}`,
  );
  return { status, startedAt, endedAt, error, result: file.result, changed: false, ...output };
}

function codeOf(ran: HostResult): SshFailureCode {
  if (ran.exitCode === fileExit.unwritable) return 'FILE_UNWRITABLE';
  if (ran.exitCode === fileExit.invalid) return 'FILE_INVALID';
  if (ran.exitCode === fileExit.unreadable) return 'FILE_UNREADABLE';
  return ran.verdict.error?.code === 'TIMEOUT' ? 'TIMEOUT' : 'EXIT_CODE';
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function textOf(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
}
