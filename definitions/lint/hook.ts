import { checkExpression } from '../../workflows/domain/expression';
import { pathsOf } from '../../workflows/domain/expression-syntax';
import type { Syntax } from '../../workflows/domain/expression-syntax';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { isSecretReference } from '../../workflows/domain/secret-reference';
import { parseTemplate } from '../../workflows/domain/template';
import type { LoadedHook } from '../document';
import { authOfHook, signedHeaders } from '../kinds/hook';
import type { DocumentPath, Problem } from '../problems';
import { atKey, atValue } from './note';

/** What expressions of a hook know. */
const names = { body: 'dyn', headers: 'map', id: 'string' } as const;
const kinds = ['start', 'signal'] as const;

/** A hook is called when nobody looks: what could never work is refused where it is written. */
export function lintHook(document: LoadedHook): Problem[] {
  const { when, key, start, signal } = document.spec;
  const values: [DocumentPath, Json | undefined][] = [
    [['spec', 'when'], when],
    [['spec', 'key'], key],
    [['spec', 'start', 'inputs'], start?.inputs],
    [['spec', 'signal', 'run'], signal?.run],
    [['spec', 'signal', 'data'], signal?.data],
  ];
  return [
    ...nameProblems(document),
    ...choiceProblems(document),
    ...secretProblems(document),
    ...values.flatMap(([path, value]) =>
      value === undefined ? [] : valueProblems({ document, signed: signedFor(document, path) }, path, value),
    ),
  ];
}

/** What the chat calls has its address there. */
const taken = 'chat';

function nameProblems(document: LoadedHook): Problem[] {
  if (document.metadata.name !== taken) return [];
  const message = `Cannot use the name "${taken}": at /hooks/${taken} votes come in`;
  return [atValue(document, ['metadata', 'name'], { code: 'INVALID_VALUE', message, found: taken })];
}

function choiceProblems(document: LoadedHook): Problem[] {
  const found = kinds.filter((key) => document.spec[key] !== undefined);
  if (found.length === 1) return [];
  const state = found.length === 0 ? 'neither a start nor a signal' : 'a start and a signal';
  const message = `Cannot tell what comes of a call: the hook says ${state}`;
  return [atValue(document, ['spec'], { code: 'MISSING_KEY', message, accepted: kinds })];
}

/** A header that is not signed may say anything; it may tell whether a call is meant, and not what is done. Null: none of them is. */
function signedFor({ spec }: LoadedHook, path: DocumentPath): readonly string[] | null {
  const { mode } = authOfHook(spec);
  return mode === 'github' && path.includes('when') ? null : signedHeaders[mode];
}

function secretProblems(document: LoadedHook): Problem[] {
  const { auth } = document.spec;
  const { mode, secrets } = authOfHook(document.spec);
  const place = ['spec', 'auth', mode];
  const isOne = 'token' in auth ? typeof auth.token === 'string' : typeof Object.values(auth)[0] === 'string';
  const listed = secrets.map((secret, index): [DocumentPath, string] => [isOne ? place : [...place, index], secret]);
  const refused = listed
    .filter(([, secret]) => !isSecretReference(secret))
    .map(([path]) => {
      const message = 'Cannot use the secret of the hook: it is no reference to one';
      return atValue(document, path, { code: 'INVALID_SECRET_REFERENCE', message });
    });
  if (document.metadata.owner !== undefined) return refused;
  const message = 'Cannot use secrets: the hook has no owner';
  return [
    ...refused,
    atKey(document, ['spec', 'auth'], { code: 'MISSING_OWNER', message, accepted: ['metadata.owner'] }),
  ];
}

interface Checked {
  readonly document: LoadedHook;
  readonly signed: readonly string[] | null;
}

function valueProblems(checked: Checked, path: DocumentPath, value: Json): Problem[] {
  if (isList(value)) return value.flatMap((member, index) => valueProblems(checked, [...path, index], member));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, member]) => valueProblems(checked, [...path, key], member));
  return typeof value === 'string' ? textProblems(checked, path, value) : [];
}

function textProblems({ document, signed }: Checked, path: DocumentPath, text: string): Problem[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const message = `Cannot read the expression: ${parsed.reason}`;
    return [atValue(document, path, { code: 'EXPRESSION_INVALID', message, found: text })];
  }
  return parsed.parts.flatMap((part) => {
    if (!('expression' in part)) return [];
    const checked = checkExpression(part.expression, names);
    if (!checked.ok) return [atValue(document, path, checked.problem)];
    return unsignedReads(checked.syntax, signed).map((header) => {
      const what = header === '*' ? 'all headers' : `the header "${header}"`;
      const message = `Cannot read ${what} here: the signature does not cover it`;
      const accepted = ['body', 'id', ...(signed ?? []).map((name) => `headers["${name}"]`)];
      return atValue(document, path, { code: 'INVALID_VALUE', message, found: text, accepted });
    });
  });
}

/** `*`: one that is computed, or all of them. */
function unsignedReads(syntax: Syntax, signed: readonly string[] | null): readonly string[] {
  if (signed === null) return [];
  const read = pathsOf(syntax).flatMap(({ name, fields }) => (name === 'headers' ? [fields[0] ?? '*'] : []));
  return [...new Set(read)].filter((header) => !signed.includes(header));
}
