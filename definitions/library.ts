import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { DefinitionKind, LoadedDocument } from './document';
import { nearestWord } from './problems';

/** Documents in order of precedence: given files, `--library`, published, shipped. The first tier that knows a name decides. */
export type Tiers = readonly (readonly LoadedDocument[])[];

export type Resolution<D> =
  | { readonly ok: true; readonly document: D }
  | {
      readonly ok: false;
      readonly code: 'UNKNOWN_REFERENCE' | 'AMBIGUOUS_REFERENCE';
      readonly message: string;
      readonly accepted: readonly string[];
      readonly nearest: string | null;
    };

type DocumentOf<K extends DefinitionKind> = Extract<LoadedDocument, { kind: K }>;

/** `folder/name@2`: the newest 2.x that is known now. Two documents of one version and different text are an error. */
export function resolveReference<K extends DefinitionKind>(
  kind: K,
  reference: string,
  tiers: Tiers,
): Resolution<DocumentOf<K>> {
  const [name = '', wanted = ''] = reference.split('@');
  for (const tier of tiers) {
    const matching = tier
      .filter((document) => isKind(document, kind))
      .filter((document) => document.metadata.name === name && matches(document.metadata.version, wanted));
    const [newest] = [...matching].sort((left, right) =>
      compareVersions(right.metadata.version, left.metadata.version),
    );
    if (newest === undefined) continue;
    const others = matching.filter(
      (document) => document.metadata.version === newest.metadata.version && document.digest !== newest.digest,
    );
    if (others.length === 0) return { ok: true, document: newest };
    const files = [newest, ...others].map((document) => document.file).sort();
    const message = `Cannot choose the ${kind} "${reference}": ${files.map((file) => `"${file}"`).join(' and ')} both have version ${newest.metadata.version}`;
    return { ok: false, code: 'AMBIGUOUS_REFERENCE', message, accepted: [], nearest: null };
  }
  return unknown(kind, reference, tiers);
}

function unknown(
  kind: DefinitionKind,
  reference: string,
  tiers: Tiers,
): { ok: false; code: 'UNKNOWN_REFERENCE'; message: string; accepted: string[]; nearest: string | null } {
  const [name = ''] = reference.split('@');
  const known = tiers.flat().filter((document) => document.kind === kind);
  const versions = known
    .filter((document) => document.metadata.name === name)
    .map((document) => `${name}@${document.metadata.version}`);
  const names = [...new Set(known.map((document) => document.metadata.name))].sort();
  const state = versions.length > 0 ? 'no version of it matches' : 'nothing has this name';
  const accepted = versions.length > 0 ? versions : names;
  return {
    ok: false,
    code: 'UNKNOWN_REFERENCE',
    message: `Cannot find the ${kind} "${reference}": ${state}`,
    accepted,
    nearest: nearestWord(name, names),
  };
}

function isKind<K extends DefinitionKind>(document: LoadedDocument, kind: K): document is DocumentOf<K> {
  return document.kind === kind;
}

/** `''` any, `2` any 2.x.y, `2.1` any 2.1.y, `2.1.3` that one. A version before its release matches only when it is named. */
function matches(version: string, wanted: string): boolean {
  if (version === wanted) return true;
  if (/[-+]/.test(version)) return wanted === '';
  return wanted === '' || version.startsWith(`${wanted}.`);
}

/** Semantic versions; a version before its release is older than the release. */
export function compareVersions(left: string, right: string): number {
  const [leftCore, leftTail] = splitVersion(left);
  const [rightCore, rightTail] = splitVersion(right);
  const core = compareParts(leftCore.split('.'), rightCore.split('.'));
  if (core !== 0) return core;
  if (leftTail === undefined || rightTail === undefined)
    return (leftTail === undefined ? 1 : 0) - (rightTail === undefined ? 1 : 0);
  return compareParts(leftTail.split('.'), rightTail.split('.'));
}

function splitVersion(version: string): [string, string | undefined] {
  const [withoutBuild = ''] = version.split('+');
  const dash = withoutBuild.indexOf('-');
  return dash < 0 ? [withoutBuild, undefined] : [withoutBuild.slice(0, dash), withoutBuild.slice(dash + 1)];
}

function compareParts(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [left[index], right[index]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const bothNumbers = /^\d+$/.test(one) && /^\d+$/.test(other);
    const order = bothNumbers ? Number(one) - Number(other) : one < other ? -1 : one > other ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}

const treeLimits = { files: 5_000, depth: 8 } as const;

/** Every YAML file at or below a path, in the order of names. Links, dot files and `node_modules` are passed over. */
export function definitionFiles(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const found: string[] = [];
  collect(path, 0, found);
  return found;
}

/** The YAML files in the folder of a document, itself included. */
export function filesBeside(file: string): string[] {
  const folder = dirname(file);
  return entriesOf(folder)
    .filter((entry) => entry.isFile() && isYaml(entry.name))
    .map((entry) => join(folder, entry.name));
}

/** The library that comes with the package. */
export function shippedLibrary(): string | null {
  // Compiled, this file lies in dist/definitions, while YAML is shipped where it was written.
  const places = [join(__dirname, 'library'), join(__dirname, '..', '..', 'definitions', 'library')];
  return places.find((place) => existsSync(place)) ?? null;
}

function collect(folder: string, depth: number, found: string[]): void {
  if (depth > treeLimits.depth) return;
  for (const entry of entriesOf(folder)) {
    if (found.length >= treeLimits.files) return;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      collect(path, depth + 1, found);
    else if (entry.isFile() && isYaml(entry.name)) found.push(path);
  }
}

interface Entry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
}

function entriesOf(folder: string): readonly Entry[] {
  return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name) && !name.startsWith('.');
}
