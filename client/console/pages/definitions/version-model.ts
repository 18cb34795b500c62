import { parseDocument } from 'yaml';

/** What a text says of itself: enough to find what is published under its name. */
export interface Heading {
  readonly kind: string;
  readonly name: string;
  /** Empty: it gets the next one when it is published. */
  readonly version: string;
}

/** Of the first document; null: it cannot be told. */
export function headingOf(text: string): Heading | null {
  const [first = ''] = text.split(/^---\s*$/m).filter((part) => part.trim() !== '');
  const parsed = parseDocument(first, { logLevel: 'silent' });
  if (parsed.errors.length > 0) return null;
  const value: unknown = parsed.toJS();
  const metadata = field(value, 'metadata');
  const [kind, name] = [field(value, 'kind'), field(metadata, 'name')];
  if (typeof kind !== 'string' || typeof name !== 'string') return null;
  const version = field(metadata, 'version');
  return { kind, name, version: typeof version === 'string' ? version : '' };
}

export type VersionHint =
  /** Nothing of its name is published, or its version is a later one, or it says none. */
  | { readonly kind: 'fine' }
  /** Another text is published under this version, or under a later one. */
  | { readonly kind: 'raise'; readonly newest: string; readonly next: readonly string[] };

export interface PublishedText {
  readonly version: string;
  readonly text: string;
}

/** A published version is immutable: another text needs another one. */
export function versionHint(text: string, newest: PublishedText | null): VersionHint {
  const heading = headingOf(text);
  if (heading === null || newest === null || heading.version === '') return { kind: 'fine' };
  const isSame = text.trim() === newest.text.trim();
  if (isSame || isLater(heading.version, newest.version)) return { kind: 'fine' };
  return { kind: 'raise', newest: newest.version, next: nextVersions(newest.version) };
}

/** A correction, something new, something that breaks what it was used for. */
export function nextVersions(version: string): readonly string[] {
  const [major = 0, minor = 0, patch = 0] = numbersOf(version);
  return [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
}

/** The text with another version; everything else stays as it was written. */
export function withVersion(text: string, version: string): string {
  const now = headingOf(text)?.version ?? '';
  if (now === '') return text;
  const escaped = now.replaceAll(/[.+*]/g, String.raw`\$&`);
  return text.replace(new RegExp(`(\\bversion:\\s*)(["']?)${escaped}\\2`), `$1$2${version}$2`);
}

function isLater(version: string, than: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(than)];
  for (const [index, number] of left.entries()) {
    const other = right[index] ?? 0;
    if (number !== other) return number > other;
  }
  return false;
}

function numbersOf(version: string): readonly number[] {
  return (version.split(/[-+]/)[0] ?? '').split('.').map((part) => Number.parseInt(part, 10) || 0);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
