import type { Catalogue } from '../../activities/connector';
import type { Json } from '../../workflows/domain/json';
import { isObject } from '../../workflows/domain/json-values';
import { isSecretReference } from '../../workflows/domain/secret-reference';
import type { LoadedConnection, LoadedDocument, LoadedInventory } from '../document';
import { referenceOf, secretOf } from '../kinds/inventory';
import type { SecretField } from '../kinds/inventory';
import type { DocumentPath, Problem } from '../problems';
import { atKey, atValue } from './note';

/** What is a secret is named by a reference: a value in a document is none. */
export function lintConnectionSecrets(document: LoadedConnection, catalogue: Catalogue | undefined): Problem[] {
  const { spec } = document;
  const secrets = catalogue?.[spec.type]?.secrets ?? [];
  return secrets.flatMap((setting) => {
    const path = setting.split('.');
    const value = settingAt(spec, path);
    return typeof value === 'string' ? referenceProblems(document, ['spec', ...path], value) : [];
  });
}

function settingAt(spec: { readonly [setting: string]: Json }, path: readonly string[]): Json | undefined {
  let value: Json | undefined = spec;
  for (const part of path) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  return value;
}

export function lintInventorySecrets(document: LoadedInventory): Problem[] {
  const places = secretPlaces(document);
  const refused = places.flatMap(({ path, field, plain }) =>
    plain && referenceOf(field) === null ? [] : referenceProblems(document, path, secretOf(field)),
  );
  const ofSource = places.some(({ path, field }) => path[1] === 'source' && referenceOf(field) !== null);
  if (!ofSource || document.metadata.owner !== undefined) return refused;
  const message = 'Cannot use secrets: the inventory has no owner';
  const place = ['spec', 'source'];
  return [...refused, atKey(document, place, { code: 'MISSING_OWNER', message, accepted: ['metadata.owner'] })];
}

interface SecretPlace {
  readonly path: DocumentPath;
  readonly field: SecretField;
  /** A text that is no reference is accepted as it is. */
  readonly plain: boolean;
}

function secretPlaces({ spec }: LoadedInventory): readonly SecretPlace[] {
  const places: SecretPlace[] = [];
  for (const [index, host] of (spec.hosts ?? []).entries()) {
    const password = host.become?.password;
    if (password !== undefined)
      places.push({ path: ['spec', 'hosts', index, 'become', 'password'], field: password, plain: false });
  }
  if (spec.source?.verb !== 'url') return places;
  const { headers = {}, auth } = spec.source;
  for (const [name, field] of Object.entries(headers))
    places.push({ path: ['spec', 'source', 'headers', name], field, plain: true });
  if (auth === undefined) return places;
  const [key, field] = 'bearer' in auth ? (['bearer', auth.bearer] as const) : (['password', auth.password] as const);
  return [...places, { path: ['spec', 'source', 'auth', key], field, plain: false }];
}

/** The text is not shown: it may be the secret itself. */
function referenceProblems(document: LoadedDocument, path: DocumentPath, text: string): Problem[] {
  if (isSecretReference(text)) return [];
  const message = `Cannot use "${String(path.at(-1))}": it is not a reference to a secret, and a value is never written here`;
  const accepted = ['vault:<path>#<field>', 'env:<NAME>', 'file:<path>'];
  return [atValue(document, path, { code: 'INVALID_SECRET_REFERENCE', message, accepted })];
}
