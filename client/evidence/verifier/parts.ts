import type { Checkpoint, CheckpointProof } from '../../../platform/store/checkpoint';
import type { AttestedPart, CheckpointPart, EntryPart, EvidenceHeader, PlanPart, TrailerPart } from '../format';
import type { SummaryPart } from '../format';

/** Guards for what a file holds. They are written by hand: the verifier brings no library along. */

export function isHeader(line: unknown): line is EvidenceHeader {
  return hasMembers(line, {
    part: is('header'),
    format: is('mainstay/evidence/1'),
    ...texts('name', 'stream', 'installation', 'mainstay'),
    exportedAt: isNumber,
  });
}

export function isEntry(line: unknown): line is EntryPart {
  return hasMembers(line, {
    part: is('entry'),
    ...texts('stream', 'key', 'kind', 'actor', 'via', 'payloadDigest', 'prev', 'hash'),
    seq: isWhole,
    at: isNumber,
    salt: isTextOrNull,
    payload: isTextOrNull,
  });
}

export function isPlan(line: unknown): line is PlanPart {
  return hasMembers(line, { part: is('plan'), ...texts('digest', 'planHash'), plan: isObject });
}

/** Its inside is held against the entries. */
export function isSummary(line: unknown): line is SummaryPart {
  return hasMembers(line, {
    part: is('summary'),
    approvals: isList,
    outputs: isList,
    plans: isList,
    redactions: isList,
  });
}

export function isAttested(line: unknown): line is AttestedPart {
  return hasMembers(line, { part: is('attested'), children: isObjects, outputs: isObjects, definitions: isObjects });
}

export function isCheckpointPart(line: unknown): line is CheckpointPart {
  return hasMembers(line, { part: is('checkpoint') }) && isProof(line);
}

export function isTrailer(line: unknown): line is TrailerPart {
  return hasMembers(line, {
    part: is('trailer'),
    ...texts('digest', 'head', 'publicKey', 'signature'),
    lines: isWhole,
    count: isWhole,
  });
}

export function isCheckpoint(value: unknown): value is Checkpoint {
  return hasMembers(value, {
    format: is('mainstay/checkpoint/1'),
    ...texts('installation', 'root', 'publicKey', 'signature'),
    number: isWhole,
    at: isNumber,
    size: isWhole,
    previous: (previous) => hasMembers(previous, { size: isWhole, root: isText }),
    consistency: isTexts,
  });
}

function isProof(value: object): value is CheckpointProof {
  return hasMembers(value, {
    checkpoint: isCheckpoint,
    leaf: (leaf) => hasMembers(leaf, { stream: isText, count: isWhole, head: isText }),
    index: isWhole,
    path: isTexts,
    stamp: isTextOrNull,
  });
}

type Guards = Readonly<Record<string, (value: unknown) => boolean>>;

function hasMembers(value: unknown, guards: Guards): value is object {
  if (!isObject(value)) return false;
  return Object.entries(guards).every(([name, guard]) => guard(Reflect.get(value, name)));
}

function texts(...names: readonly string[]): Guards {
  return Object.fromEntries(names.map((name) => [name, isText]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function is(expected: string): (value: unknown) => boolean {
  return (value) => value === expected;
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function isObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
