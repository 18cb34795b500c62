import { evaluateExpression } from './expression';
import { isJsonObject, shapeProblem } from './json-shape';

import type { EffectClass } from './effect-class';
import type { Failure } from './failure';
import type { Json, JsonObject } from './json';
import type { Expression, Scope } from './value';

/** What the target did, as an operation reports it. */
export interface Observed {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly result: JsonObject;
  readonly changed: boolean;
  readonly error?: Failure;
}

/** The part of an operation of the plan that decides what an observation means. */
export interface JudgedOperation {
  readonly name: string;
  readonly effect: EffectClass;
  readonly pass?: Expression;
  readonly capture: {
    readonly format: 'text' | 'lines' | 'json' | 'secret' | 'none';
    readonly from: 'stdout' | 'file';
    readonly schema?: Json;
    readonly limitBytes: number;
  };
}

/** Verdict over one attempt on one target: what its row says. */
export interface Judged {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly changed: boolean;
  readonly exitCode: number | null;
  readonly error: Failure | null;
  /** The record's fields, within their limit: `stdout`, `json`, `result` …; `truncated` names those that were cut. */
  readonly captured: JsonObject;
}

/** What only the worker can do to text before it is kept. */
export interface Keeping {
  /** Replaces secrets. */
  readonly mask: (text: string) => string;
  /** `capture: secret`: encrypts. */
  readonly seal: (text: string) => string;
}

export const keepAsIs: Keeping = { mask: (text) => text, seal: () => '' };

/** The one place that turns an observation into success or failure: `pass`, capture and its schema, change. */
export function judge(
  observed: Observed,
  operation: JudgedOperation,
  context: { scope: Scope; keeping: Keeping },
): Judged {
  const result = withCapture(observed.result, operation);
  const exitCode = typeof observed.result['exitCode'] === 'number' ? observed.result['exitCode'] : null;
  const captured = capturedFields(result.value, operation, context.keeping);
  const error = errorOf(observed, operation, { ...context.scope, result: result.value }) ?? result.error;
  const status = observed.status === 'unknown' ? 'unknown' : error === null ? 'succeeded' : 'failed';
  return { status, changed: operation.effect !== 'read' && observed.changed, exitCode, error, captured };
}

/** A sample of a gate: the verdict travels as the row's failure code, so that gates need no channel of their own. */
export const sampleCodes = { failed: 'NOT_PASSED', inconclusive: 'GATE_INCONCLUSIVE', noData: 'GATE_NO_DATA' } as const;

export function judgeSample(
  observed: Observed,
  metric: { readonly operation: JudgedOperation; readonly fail?: Expression },
  context: { scope: Scope; keeping: Keeping },
): Judged {
  const { pass, ...unconditional } = metric.operation;
  const base = judge(observed, pass === undefined ? metric.operation : { ...unconditional, pass: 'true' }, context);
  if (base.status !== 'succeeded' || pass === undefined) return base;
  const scope = { ...context.scope, result: withCapture(observed.result, metric.operation).value };
  const passed = evaluateExpression(pass, scope);
  if (!passed.ok) return { ...base, status: 'failed', error: passed.failure };
  if (passed.value === null) return sampleFailed(base, sampleCodes.noData, 'Cannot judge the sample: "pass" gave null');
  if (passed.value === true) return base;
  if (metric.fail === undefined) return sampleFailed(base, sampleCodes.failed, notPassed(pass));
  const failed = evaluateExpression(metric.fail, scope);
  if (!failed.ok) return { ...base, status: 'failed', error: failed.failure };
  return failed.value === true
    ? sampleFailed(base, sampleCodes.failed, `Cannot accept the sample: "${metric.fail}" holds`)
    : sampleFailed(base, sampleCodes.inconclusive, 'Cannot judge the sample: neither "pass" nor "fail" holds');
}

function sampleFailed(base: Judged, code: string, message: string): Judged {
  return { ...base, status: 'failed', error: { code, message } };
}

function errorOf(observed: Observed, operation: JudgedOperation, scope: Scope): Failure | null {
  if (observed.status === 'unknown')
    return observed.error ?? { code: 'OUTCOME_UNKNOWN', message: 'Cannot tell the outcome: no answer came back' };
  if (operation.pass === undefined || !isComplete(observed)) {
    return observed.status === 'succeeded' ? null : (observed.error ?? ownRuleFailed(observed));
  }
  const passed = evaluateExpression(operation.pass, scope);
  if (!passed.ok) return passed.failure;
  return passed.value === true ? null : { code: 'NOT_PASSED', message: notPassed(operation.pass) };
}

/** `pass` judges what the target answered, not that it could not be asked. */
function isComplete(observed: Observed): boolean {
  return (
    observed.status === 'succeeded' ||
    typeof observed.result['exitCode'] === 'number' ||
    typeof observed.result['status'] === 'number'
  );
}

function ownRuleFailed(observed: Observed): Failure {
  const { exitCode } = observed.result;
  return typeof exitCode === 'number'
    ? { code: 'EXIT_CODE', message: `Cannot accept the result: exit code ${exitCode}` }
    : { code: 'OPERATION_FAILED', message: 'Cannot accept the result: the operation failed' };
}

function notPassed(expression: Expression): string {
  return `Cannot accept the result: "${expression}" does not hold`;
}

/** `result` as `pass` sees it: trailing newlines stripped, `json` or `lines` added as the capture says. */
function withCapture(
  raw: JsonObject,
  operation: JudgedOperation,
): { readonly value: JsonObject; readonly error: Failure | null } {
  const { capture } = operation;
  const value: { [field: string]: Json } = { ...raw };
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = raw[stream];
    if (typeof text === 'string') value[stream] = text.replace(/[\r\n]+$/, '');
  }
  if (capture.format === 'secret' && !isEmpty(raw) && secretText(value, operation) === null)
    return { value, error: captureFailed(`a secret of more than ${capture.limitBytes} bytes is not kept`) };
  const source = capture.from === 'file' ? raw['file'] : value['stdout'];
  if (typeof source !== 'string') return { value, error: null };
  if (capture.format === 'lines') value['lines'] = source.trim() === '' ? [] : source.replace(/\n$/, '').split(/\r?\n/);
  if (capture.format !== 'json') return { value, error: null };
  const parsed = parseJson(source);
  if (parsed === undefined) return { value, error: captureFailed('its output is not JSON') };
  value['json'] = parsed;
  const problem = capture.schema === undefined ? null : shapeProblem(capture.schema, parsed, 'json');
  return { value, error: problem === null ? null : captureFailed(problem) };
}

function captureFailed(why: string): Failure {
  return { code: 'CAPTURE_INVALID', message: `Cannot capture the output: ${why}` };
}

function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** `exec` and `run` keep their fields side by side, every other operation keeps one `result`. */
export function isCommand(operationName: string): boolean {
  return operationName === 'ssh.exec' || operationName === 'ssh.run';
}

function capturedFields(result: JsonObject, operation: JudgedOperation, keeping: Keeping): JsonObject {
  const { format, limitBytes } = operation.capture;
  if (format === 'none') return {};
  if (format === 'secret') {
    const text = isEmpty(result) ? null : secretText(result, operation);
    return { ...(text === null ? {} : { secret: keeping.seal(text) }), masked: ['stdout', 'result'] };
  }
  const fields = isCommand(operation.name) ? result : { result };
  return limited(fields, limitBytes, keeping);
}

function isEmpty(result: JsonObject): boolean {
  return Object.keys(result).length === 0;
}

/** What was printed, or else the whole answer; null: it is cut, and half a secret is none. */
function secretText(result: JsonObject, { capture }: JudgedOperation): string | null {
  const output = result[capture.from];
  const text = typeof output === 'string' ? output : JSON.stringify(result);
  const isCut = capture.from === 'stdout' && result['stdoutTruncated'] === true;
  return isCut || byteLength(text) > capture.limitBytes ? null : text;
}

function limited(fields: JsonObject, limitBytes: number, keeping: Keeping): JsonObject {
  const kept: { [field: string]: Json } = {};
  const truncated: string[] = [];
  const masked: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const whole = maskedValue(value, keeping);
    if (JSON.stringify(whole) !== JSON.stringify(value)) masked.push(name);
    const short = shortened(whole, limitBytes);
    if (short !== whole) truncated.push(name);
    if (short !== undefined) kept[name] = short;
  }
  if (truncated.length > 0) kept['truncated'] = truncated;
  if (masked.length > 0) kept['masked'] = masked;
  return kept;
}

function maskedValue(value: Json, keeping: Keeping): Json {
  if (typeof value === 'string') return keeping.mask(value);
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskedValue(member, keeping)]));
  if (Array.isArray(value)) return value.map((item: Json) => maskedValue(item, keeping));
  return value;
}

/** Text keeps its first part; a value that is too large as a whole is left out. */
function shortened(value: Json, limitBytes: number): Json | undefined {
  if (typeof value !== 'string') return byteLength(JSON.stringify(value)) <= limitBytes ? value : undefined;
  if (byteLength(value) <= limitBytes) return value;
  let text = value.slice(0, limitBytes);
  while (byteLength(text) > limitBytes)
    text = text.slice(0, Math.max(0, text.length - 1 - Math.floor((byteLength(text) - limitBytes) / 4)));
  return text;
}

/** Bytes of UTF-8, counted without a codec: the sandbox has none. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
