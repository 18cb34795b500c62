import type { z } from 'zod';

import type { Json } from '../workflows/domain/json';
import { parseDuration } from '../workflows/domain/duration';
import { accepted } from '../workflows/runbook/fields/schema';
import { holdsExpression } from './yaml-text';
import { makeProblem, nearestWord, pathText, problemLimit, quoteFound } from './problems';
import type { ProblemCode } from './problem-codes';
import type { DocumentPath, Problem, ProblemDetail } from './problems';
import { choicesAt, objectAt, valueAt, verbOf } from './schema-path';
import type { SchemaPlace } from './schema-path';
import { keysOf } from './schema-shape';
import type { YamlTree } from './yaml-tree';
import { locateKey, locateValue } from './yaml-tree';

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** What a schema refused, and where. `path` leads from the document's root to the value the schema was given. */
export interface Refusal {
  readonly tree: YamlTree;
  readonly schema: Schema;
  readonly value: Json;
  readonly path: DocumentPath;
}

/** Schema issues as problems: with position, what was found, what is accepted, and the nearest word. */
export function schemaProblems(refusal: Refusal, issues: readonly Issue[]): Problem[] {
  return issues.slice(0, problemLimit + 1).flatMap((issue) => issueProblems(refusal, issue));
}

function issueProblems(refusal: Refusal, issue: Issue): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part));
  const found = valueAt(refusal.value, path);
  const at: At = { refusal, path, found };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, problemLimit + 1).map((key) => unknownKey(at, key));
    case 'invalid_type':
      return [found === undefined ? missingKey(at) : wrongType(at, [typeName(issue.expected)])];
    case 'invalid_value':
      return [found === undefined ? missingKey(at) : invalidValue(at, issue.values.map(String))];
    case 'invalid_format':
      return [invalidFormat(at, issue.message)];
    case 'too_small':
      return [outOfRange(at, `at least ${issue.minimum}`, issue.origin)];
    case 'too_big':
      return [outOfRange(at, `at most ${issue.maximum}`, issue.origin)];
    case 'invalid_union':
      return unionProblems(at, issue);
    case 'invalid_key':
      return issue.issues.map((inner) => invalidKey(at, inner));
    case 'invalid_element':
      return issue.issues.flatMap((inner) =>
        issueProblems(refusal, { ...inner, path: [...issue.path, ...inner.path] }),
      );
    case 'not_multiple_of':
      return [invalidValue(at, [`a multiple of ${issue.divisor}`])];
    case 'custom':
      return [invalidValue(at, [issue.message])];
  }
}

interface At {
  readonly refusal: Refusal;
  readonly path: DocumentPath;
  readonly found: Json | undefined;
}

/** Fields that some verb takes: known, but not here. */
const fieldsOfVerbs = new Set(
  `id name if targets delegate as connection env cwd umask stdin shell timeout retry pass poll capture effect probe undo onFailure rescue
   locks estimate pointOfNoReturn fanOut with steps cases default defaults fail noData sample`.split(/\s+/),
);
const laterFields = new Set(['window']);

function unknownKey(at: At, key: string): Problem {
  const object = objectAt(refusalPlace(at));
  const known = object === null ? [] : keysOf(object);
  const verb = verbOf(valueAt(at.refusal.value, at.path));
  const place = {
    file: at.refusal.tree.file,
    path: [...fullPath(at), key],
    ...locateKey(at.refusal.tree, [...fullPath(at), key]),
  };
  if (laterFields.has(key))
    return makeProblem('FIELD_ARRIVES_LATER', place, {
      message: `Cannot read "${pathText(fullPath(at))}": "${key}" is not in this version`,
      found: key,
      accepted: known,
    });
  if (verb !== null && fieldsOfVerbs.has(key)) {
    const hint =
      key === 'timeout' && (verb === 'approval' || verb === 'manual')
        ? 'People answer by `due` and `onDue`, which say what silence means.'
        : undefined;
    return makeProblem('FIELD_NOT_ACCEPTED', place, {
      message: `Cannot read "${pathText(fullPath(at))}": "${key}" does not belong to "${verb}"`,
      found: key,
      accepted: known,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  return makeProblem('UNKNOWN_KEY', place, {
    message: `Cannot read ${describe(fullPath(at))}: the key ${quoteFound(key)} is unknown`,
    found: key,
    accepted: known,
    nearest: nearestWord(key, known),
  });
}

function missingKey(at: At): Problem {
  const key = at.path.at(-1) ?? '';
  const parent = fullPath(at).slice(0, -1);
  const hint = key === 'onDue' ? 'Say what silence means: it never means consent by itself.' : `Add the key "${key}".`;
  const place = { file: at.refusal.tree.file, path: fullPath(at), ...locateValue(at.refusal.tree, parent) };
  return makeProblem('MISSING_KEY', place, {
    message: `Cannot read ${describe(parent)}: the key "${key}" is missing`,
    accepted: [String(key)],
    hint,
  });
}

function wrongType(at: At, types: readonly string[]): Problem {
  return problemAt(at, 'WRONG_TYPE', {
    message: `Cannot read ${describe(fullPath(at))}: found ${quoteFound(at.found)}, expected ${types.join(' or ')}`,
    accepted: types,
  });
}

function invalidValue(at: At, values: readonly string[]): Problem {
  const nearest = typeof at.found === 'string' ? nearestWord(at.found, values) : null;
  return problemAt(at, 'INVALID_VALUE', {
    message: `Cannot read ${describe(fullPath(at))}: found ${quoteFound(at.found)}, expected ${values.join(', ')}`,
    accepted: values,
    nearest,
  });
}

function outOfRange(at: At, range: string, origin: string): Problem {
  const unit = origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '';
  return problemAt(at, 'OUT_OF_RANGE', {
    message: `Cannot read ${describe(fullPath(at))}: found ${quoteFound(at.found)}, expected ${range}${unit}`,
    accepted: [`${range}${unit}`],
  });
}

/** The message of a format check is what it accepts; some have a code of their own. */
function invalidFormat(at: At, expected: string): Problem {
  const state = `found ${quoteFound(at.found)}, expected ${expected}`;
  const { code, hint } = formatCode(at.found, expected);
  const detail = {
    message: `Cannot read ${describe(fullPath(at))}: ${state}`,
    accepted: [expected],
    ...(hint === null ? {} : { hint }),
  };
  return problemAt(at, code, detail);
}

function formatCode(found: Json | undefined, expected: string): { code: ProblemCode; hint: string | null } {
  const text = typeof found === 'string' ? found : '';
  if (expected === accepted.id) return { code: 'INVALID_ID', hint: null };
  if (expected === accepted.expression || expected === accepted.literalOrExpression)
    return {
      code: holdsExpression(text) || expected === accepted.expression ? 'EXPRESSION_NOT_ALONE' : 'INVALID_VALUE',
      hint: null,
    };
  if (expected !== accepted.duration && expected !== accepted.due) return { code: 'INVALID_VALUE', hint: null };
  const duration = parseDuration(text);
  const calendar = duration.kind === 'days' || /^\d+d$/.test(text) || /^P\d/.test(text);
  if (calendar && expected === accepted.duration) return { code: 'DURATION_NEEDS_ZONE', hint: null };
  return {
    code: 'INVALID_DURATION',
    hint: duration.kind === 'invalid' ? `${duration.reason.charAt(0).toUpperCase()}${duration.reason.slice(1)}.` : null,
  };
}

/** The alternative that the author meant: the one whose own kind of value was written. */
function unionProblems(at: At, issue: Extract<Issue, { code: 'invalid_union' }>): Problem[] {
  if (at.found === undefined) return [missingKey(at)];
  if (issue.errors.length === 0) return [choiceProblem(at, issue)];
  const meant = issue.errors.filter((errors) => !errors.some((error) => isOtherKind(error)));
  const [only, ...others] = meant.length > 0 ? meant : [];
  if (only !== undefined && others.length === 0)
    return only.flatMap((inner) => issueProblems(at.refusal, nested(issue.path, inner)));
  const expected = [...new Set((meant.length > 0 ? meant : issue.errors).flat().flatMap(expectation))];
  if (expected.length === 0) expected.push('another value');
  return [unionProblem(at, expected)];
}

/** A typo in a word is a wrong value, whichever forms the field takes besides. */
function unionProblem(at: At, expected: readonly string[]): Problem {
  const scalar = typeof at.found === 'string' || typeof at.found === 'number';
  if (!scalar) return wrongType(at, expected);
  if (typeof at.found === 'string' && holdsExpression(at.found) && expected.includes(accepted.expression))
    return invalidFormat(at, accepted.expression);
  return invalidValue(at, expected);
}

function choiceProblem(at: At, issue: Extract<Issue, { code: 'invalid_union' }>): Problem {
  const field = issue.discriminator ?? 'type';
  const choice = choicesAt(refusalPlace(at)).find((candidate) => candidate.field === field);
  const values = [...(choice?.options.keys() ?? [])];
  const inner: At = { ...at, path: at.path.at(-1) === field ? at.path : [...at.path, field] };
  const found = valueAt(at.refusal.value, inner.path);
  if (typeof at.found !== 'object' && found === undefined) return wrongType(at, ['a map']);
  return found === undefined ? missingKey({ ...inner, found }) : invalidValue({ ...inner, found }, values);
}

function isOtherKind(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === 'invalid_type';
}

function nested(path: readonly PropertyKey[], issue: Issue): Issue {
  return { ...issue, path: [...path, ...issue.path] };
}

function expectation(issue: Issue): string[] {
  switch (issue.code) {
    case 'invalid_type':
      return issue.path.length === 0 ? [typeName(issue.expected)] : [];
    case 'invalid_value':
      return issue.values.map(String);
    case 'invalid_format':
    case 'custom':
      return [issue.message];
    case 'too_small':
      return [`at least ${issue.minimum}`];
    case 'too_big':
      return [`at most ${issue.maximum}`];
    case 'invalid_union':
      return issue.errors.length === 0 ? ['a map'] : issue.errors.flat().flatMap(expectation);
    case 'unrecognized_keys':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return [];
  }
}

function invalidKey(at: At, inner: Issue): Problem {
  const key = at.path.at(-1) ?? '';
  const expected = inner.code === 'invalid_format' || inner.code === 'custom' ? inner.message : 'another key';
  const code = expected === accepted.id ? 'INVALID_ID' : 'INVALID_VALUE';
  const place = { file: at.refusal.tree.file, path: fullPath(at), ...locateKey(at.refusal.tree, fullPath(at)) };
  return makeProblem(code, place, {
    message: `Cannot read the key ${quoteFound(key)}: expected ${expected}`,
    found: String(key),
    accepted: [expected],
  });
}

function problemAt(at: At, code: ProblemCode, detail: ProblemDetail): Problem {
  const place = { file: at.refusal.tree.file, path: fullPath(at), ...locateValue(at.refusal.tree, fullPath(at)) };
  return makeProblem(code, place, { found: at.found === undefined ? null : quoteFound(at.found), ...detail });
}

function fullPath(at: At): DocumentPath {
  return [...at.refusal.path, ...at.path];
}

function describe(path: DocumentPath): string {
  return path.length === 0 ? 'the document' : `"${pathText(path)}"`;
}

function typeName(expected: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
    null: 'nothing',
  };
  return names[expected] ?? expected;
}

function refusalPlace(at: At): SchemaPlace {
  return { schema: at.refusal.schema, value: at.refusal.value, path: at.path };
}
