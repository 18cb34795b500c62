import type { Checkpoint } from '../../../platform/store/checkpoint';
import { evidenceFormat } from '../format';
import type { AttestedPart, CheckpointPart, CoveredPart, EntryPart, EvidenceHeader } from '../format';
import type { PlanPart, TrailerPart } from '../format';

/** What a file holds, by the `part` that a line says it is; in the order in which they stand in it (E1). */
interface PartTypes {
  readonly header: EvidenceHeader;
  readonly entry: EntryPart;
  readonly plan: PlanPart;
  readonly attested: AttestedPart;
  readonly checkpoint: CheckpointPart;
  readonly covered: CoveredPart;
  readonly trailer: TrailerPart;
}

type Guard = (value: unknown) => boolean;

/** These members, and nothing else: what nobody looks at could say anything. */
type Shape = Readonly<Record<string, Guard>>;

const checkpoint: Shape = {
  format: is('mainstay/checkpoint/1'),
  ...all(isText, 'installation', 'root', 'publicKey', 'signature'),
  ...all(isCount, 'number', 'size'),
  at: isTime,
  previous: shaped({ size: isCount, root: isText }),
  consistency: listOf(isText),
};

/** Written by hand: the verifier brings no library along. */
const shapes: { readonly [N in keyof PartTypes]: Shape } = {
  header: {
    part: is('header'),
    format: is(evidenceFormat),
    ...all(isText, 'name', 'stream', 'installation', 'mainstay'),
    exportedAt: isTime,
  },
  entry: {
    part: is('entry'),
    ...all(isText, 'stream', 'key', 'kind', 'actor', 'via', 'payloadDigest', 'prev', 'hash'),
    seq: isCount,
    at: isTime,
    ...all(isTextOrNull, 'salt', 'payload'),
    request: isTextOrAbsent,
  },
  plan: { part: is('plan'), ...all(isText, 'digest', 'planHash'), plan: isObject },
  attested: {
    part: is('attested'),
    children: listOf(shaped({ ...all(isText, 'id', 'name', 'head'), count: isCount })),
    lostOutputs: listOf(shaped({ ...all(isText, 'path', 'phase', 'stream', 'found'), generation: isCount })),
    calendars: listOf(shaped(all(isText, 'calendar', 'version', 'digest'))),
  },
  checkpoint: { part: is('checkpoint'), checkpoint: shaped(checkpoint), stamp: isTextOrNull },
  covered: {
    part: is('covered'),
    leaf: shaped({ ...all(isText, 'stream', 'head'), count: isCount }),
    index: isCount,
    path: listOf(isText),
  },
  trailer: {
    part: is('trailer'),
    ...all(isText, 'digest', 'head', 'publicKey', 'signature'),
    ...all(isCount, 'lines', 'count'),
  },
};

export const partNames = ['header', 'entry', 'plan', 'attested', 'checkpoint', 'covered', 'trailer'] as const;

export function isPart<N extends keyof PartTypes>(name: N, value: unknown): value is PartTypes[N] {
  return shaped(shapes[name])(value);
}

export function isCheckpoint(value: unknown): value is Checkpoint {
  return shaped(checkpoint)(value);
}

function shaped(shape: Shape): Guard {
  return (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(shape, name)) &&
    Object.entries(shape).every(([name, guard]) => guard(Reflect.get(value, name)));
}

function all(guard: Guard, ...names: readonly string[]): Shape {
  return Object.fromEntries(names.map((name) => [name, guard]));
}

function listOf(guard: Guard): Guard {
  return (value) => Array.isArray(value) && value.every(guard);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function is(expected: string): Guard {
  return (value) => value === expected;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

/** No other guard takes what is not there. */
function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Epoch ms as far as a calendar goes: what lies beyond has no text. */
const latestTime = 8_640_000_000_000_000;

function isTime(value: unknown): boolean {
  return isCount(value) && value <= latestTime;
}
