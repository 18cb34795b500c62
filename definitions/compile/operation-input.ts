import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { OperationManifest } from '../../activities/connector';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { looksLikeOption, textOf } from '../../workflows/domain/render';
import { parseTemplate } from '../../workflows/domain/template';
import type { Value } from '../../workflows/domain/value';
import type { ExecProbe, RunProbe } from '../../workflows/runbook/steps/task/schema';
import type { EffectiveDefaults } from './defaults';
import { mergeEnv } from './defaults';
import { below, placed, report, reportMissing, siteOf } from './site';
import type { Site } from './site';
import { compileValue, listOf, mapOf } from './values';

export function compileExecInput(site: Site, call: ExecProbe, defaults: EffectiveDefaults): Value {
  return mapOf({ command: compileCommand(below(site, 'exec'), call.exec), ...processInput(site, call, defaults) });
}

/** A script holds no expressions: its values come by environment variables only. */
export function compileRunInput(site: Site, call: RunProbe, defaults: EffectiveDefaults): Value {
  if (holdsExpression(call.run))
    report(below(site, 'run'), {
      code: 'EXPRESSION_IN_SCRIPT',
      message: 'Cannot use an expression inside a script: give the value by env and read it as "$NAME"',
    });
  const shell = call.shell ?? defaults.shell?.value ?? 'sh';
  return mapOf({ script: { literal: call.run }, shell: { literal: shell }, ...processInput(site, call, defaults) });
}

/** `with` of an operation, against its schema as far as it is decided. */
export function compileWithInput(
  site: Site,
  fields: { readonly [field: string]: Json },
  manifest: OperationManifest,
): Value {
  const { problems } = site.unit.session;
  const before = problems.count;
  const values: { [field: string]: Value } = {};
  for (const [field, raw] of Object.entries(fields))
    values[field] = compileField(below(site, field), { field, raw, manifest });
  const input = mapOf(values);
  // What the schema says of a field that has a problem already is an echo.
  if (problems.count === before) checkInput(site, input, manifest);
  return input;
}

function compileField(
  site: Site,
  { field, raw, manifest }: { readonly field: string; readonly raw: Json; readonly manifest: OperationManifest },
): Value {
  if (field === 'file' && manifest.on === 'host' && typeof raw === 'string') return compileFile(site, raw);
  const encoding = manifest.formats?.[field];
  if (encoding === 'uri' && typeof raw === 'string') checkAuthority(site, raw);
  const value = compileValue(
    site,
    raw,
    encoding === undefined ? { secrets: 'allowed' } : { secrets: 'allowed', encoding },
  );
  if (encoding === 'uri' && 'expression' in value && site.unit.evaluates) refuseAuthority(site);
  return value;
}

/** Scheme and authority come from the author, or from one whole value; never from a part. */
function checkAuthority(site: Site, text: string): void {
  const parsed = parseTemplate(text);
  if (!parsed.ok || parsed.parts.length < 2) return;
  const [first] = parsed.parts;
  if (first !== undefined && 'text' in first && /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+[/?#]|\/)/i.test(first.text)) return;
  refuseAuthority(site);
}

function refuseAuthority(site: Site): void {
  report(site, {
    code: 'URI_AUTHORITY',
    message:
      'Cannot use an expression in the scheme or authority of a URI: write them out, or use one whole plan-phase expression',
  });
}

function compileCommand(site: Site, args: readonly string[]): Value {
  const values: Value[] = [];
  let optionsEnded = false;
  for (const [index, arg] of args.entries()) {
    const at = below(site, index);
    const value = compileValue(at, arg, { secrets: 'refused' });
    const computed = beginsWithExpression(arg);
    if (index === 0 && computed && !('literal' in value))
      report(at, {
        code: 'RUN_PHASE_NAME',
        message: 'Cannot use this as the command: the program must be known with the plan',
      });
    if (!('literal' in value)) values.push(value);
    else values.push(...literalArguments(at, value.literal, computed && !optionsEnded));
    if (arg === '--') optionsEnded = true;
  }
  return listOf(values);
}

/** What is decided is expanded and checked here, as the worker does with the rest. */
function literalArguments(site: Site, literal: Json, guarded: boolean): readonly Value[] {
  const result: Value[] = [];
  for (const item of isList(literal) ? literal : [literal]) {
    const text = textOf(item);
    if (text === null) {
      // A null stands for an expression that was reported already, or that a mere check does not evaluate.
      if (item !== null)
        report(site, {
          code: 'EXPRESSION_FAILED',
          message: 'Cannot use an argument: found a list or a map, expected text',
        });
      continue;
    }
    if (guarded && text.startsWith('-')) report(site, looksLikeOption(text).failure);
    result.push({ literal: text });
  }
  return result;
}

function processInput(
  site: Site,
  call: ExecProbe | RunProbe,
  defaults: EffectiveDefaults,
): { readonly [field: string]: Value } {
  const env: { [name: string]: Value } = {};
  for (const [name, text] of Object.entries(mergeEnv(defaults.env, call.env, site)))
    env[name] = inText(compileValue(siteOf(site, text), text.value, { secrets: 'allowed' }));
  const cwd = call.cwd === undefined ? defaults.cwd : placed(site, call.cwd, 'cwd');
  return {
    env: mapOf(env),
    ...(cwd === undefined ? {} : { cwd: compileValue(siteOf(site, cwd), cwd.value, { secrets: 'refused' }) }),
    ...(call.umask === undefined ? {} : { umask: { literal: call.umask } }),
    ...(call.stdin === undefined ? {} : { stdin: compileStdin(below(site, 'stdin'), call.stdin) }),
  };
}

/** The environment of a process is text: a number or a boolean that is known by now is written as in any other text. */
function inText(value: Value): Value {
  if (!('literal' in value)) return value;
  const text = textOf(value.literal);
  return text === null ? value : { literal: text };
}

function compileStdin(site: Site, stdin: string | { readonly file: string }): Value {
  return typeof stdin === 'string'
    ? compileValue(site, stdin, { secrets: 'allowed' })
    : compileFile(below(site, 'file'), stdin.file);
}

const fileLimitBytes = 1024 * 1024;

/** A file beside the document becomes a part of the plan, by its digest. */
function compileFile(site: Site, name: string): Value {
  const { session } = site.unit;
  const found = session.surroundings.file(site.document, name);
  if (!found.ok) {
    reportMissing(site, found, name);
    return { literal: null };
  }
  if (found.value.byteLength > fileLimitBytes)
    report(site, {
      code: 'FILE_TOO_LARGE',
      message: `Cannot use the file "${name}": it has ${found.value.byteLength} bytes, at most ${fileLimitBytes}`,
      found: name,
    });
  const blob = createHash('sha256').update(found.value).digest('hex');
  session.files.set(blob, found.value);
  return { literal: { blob, name } };
}

function checkInput(site: Site, input: Value, manifest: OperationManifest): void {
  if ('literal' in input && isObject(input.literal)) return reportIssues(site, manifest.input.safeParse(input.literal));
  const { input: schema } = manifest;
  if (!('map' in input) || !(schema instanceof z.ZodObject)) return;
  const shape: { readonly [field: string]: z.ZodType } = schema.shape;
  const known = Object.keys(shape);
  for (const key of Object.keys(input.map)) {
    if (!known.includes(key))
      report(below(site, key), {
        code: 'INVALID_INPUT_FIELD',
        message: `Cannot use the field "${key}": the operation has none of this name`,
        found: key,
        accepted: known,
      });
  }
  for (const [key, field] of Object.entries(shape)) {
    const value = input.map[key];
    if (value === undefined && !field.safeParse(undefined).success)
      report(site, {
        code: 'INVALID_INPUT_FIELD',
        message: `Cannot use the input of the operation: "${key}" is missing`,
      });
    // What is decided while the run goes on is looked at then.
    if (value !== undefined && 'literal' in value) reportIssues(below(site, key), field.safeParse(value.literal));
  }
}

function reportIssues(site: Site, parsed: z.ZodSafeParseResult<unknown>): void {
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    const path = issue.path.flatMap((part) => (typeof part === 'symbol' ? [] : [part]));
    const at = below(site, ...path);
    report(at, {
      code: 'INVALID_INPUT_FIELD',
      message: `Cannot use the input of the operation: ${at.path.at(-1) === 'with' ? '' : `${at.path.at(-1)}: `}${issue.message}`,
    });
  }
}

function holdsExpression(text: string): boolean {
  const parsed = parseTemplate(text);
  return !parsed.ok || parsed.parts.some((part) => 'expression' in part);
}

function beginsWithExpression(text: string): boolean {
  const parsed = parseTemplate(text);
  const [first] = parsed.ok ? parsed.parts : [];
  return first !== undefined && 'expression' in first;
}
