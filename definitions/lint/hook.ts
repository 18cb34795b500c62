import { checkExpression } from '../../workflows/domain/expression';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { isSecretReference } from '../../workflows/domain/secret-reference';
import { parseTemplate } from '../../workflows/domain/template';
import type { LoadedHook } from '../document';
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
    ...values.flatMap(([path, value]) => (value === undefined ? [] : valueProblems(document, path, value))),
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

function secretProblems(document: LoadedHook): Problem[] {
  const { auth } = document.spec;
  const [form, secrets] =
    'standard' in auth ? (['standard', auth.standard] as const) : (['token', auth.token] as const);
  const place = ['spec', 'auth', form];
  const listed: [DocumentPath, string][] =
    typeof secrets === 'string' ? [[place, secrets]] : secrets.map((secret, index) => [[...place, index], secret]);
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

function valueProblems(document: LoadedHook, path: DocumentPath, value: Json): Problem[] {
  if (isList(value)) return value.flatMap((member, index) => valueProblems(document, [...path, index], member));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, member]) => valueProblems(document, [...path, key], member));
  return typeof value === 'string' ? textProblems(document, path, value) : [];
}

function textProblems(document: LoadedHook, path: DocumentPath, text: string): Problem[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const message = `Cannot read the expression: ${parsed.reason}`;
    return [atValue(document, path, { code: 'EXPRESSION_INVALID', message, found: text })];
  }
  return parsed.parts.flatMap((part) => {
    if (!('expression' in part)) return [];
    const checked = checkExpression(part.expression, names);
    return checked.ok ? [] : [atValue(document, path, checked.problem)];
  });
}
