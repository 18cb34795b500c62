import { secondMs } from '../domain/duration';
import type { JsonObject } from '../domain/json';
import { isInterruption } from '../effects';
import { note, within } from './here';
import type { Here } from './here';
import { placeRole, providerRole } from './provider';
import type { RoleCall } from './provider';
import { askRole } from './role-outputs';
import type { OutputShape, RoleReply } from './role-outputs';

/** A folder of its own, and a network of its own, into which a backup is restored. */
export interface PlaceSpec {
  readonly label: string;
  readonly host: string;
  readonly inventory: string | null;
  readonly parent: string;
  readonly isolate: boolean;
  /** R-DRILL-1: what must be true of the host before the first write. */
  readonly identity: JsonObject;
}

export interface Place extends PlaceSpec {
  readonly directory: string;
  readonly network: string;
  readonly fingerprint: string;
}

/** What became of a place. `sunk` -1: it had no network of its own. `faults`: nobody could look, so that something may be left. */
export interface Closing {
  readonly leftovers: readonly string[];
  readonly sunk: number;
  readonly escaped: number;
  readonly faults: readonly { readonly step: 'destroy' | 'close'; readonly reason: string }[];
}

export type PlaceStep = 'open' | 'destroy' | 'close';

/** Whoever uses a place, by the steps of its own. */
export interface PlaceUse<T> {
  body(place: Place): Promise<T>;
  /** Around each of its steps. */
  step<R>(step: PlaceStep, work: () => Promise<R>): Promise<R>;
  /** It is told whatever becomes of the body. */
  closed(closing: Closing): void;
  /** Nobody knows what lives in it by now: it stays as it is. */
  keeps?(): boolean;
}

export type PlaceEnd<T> =
  | { readonly kind: 'used'; readonly value: T }
  /** The host is not the one; nothing was written. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'faulted'; readonly reason: string };

/** R-DRILL-6: whatever happens in a place, and while it is opened, it is destroyed and closed; nobody can cancel that. */
export async function withPlace<T>(spec: PlaceSpec, use: PlaceUse<T>, here: Here): Promise<PlaceEnd<T>> {
  const opening: { place: Place | null; refused: boolean } = { place: null, refused: false };
  async function used(): Promise<PlaceEnd<T>> {
    const opened = await use.step('open', () => openPlace(spec, here));
    opening.refused = opened.kind === 'refused';
    if (opened.kind !== 'opened') return opened;
    opening.place = opened.place;
    return { kind: 'used', value: await use.body(opened.place) };
  }
  const ended = await settled(used());
  // Left as it is: it is entered again.
  if ('error' in ended && isInterruption(ended.error) && ended.error.reason === 'suspend') throw ended.error;
  // On a host that is not the expected one nothing is touched, not even to clean up.
  if (!opening.refused && use.keeps?.() !== true)
    await here.effects.shield((inner) => tearDown(opening.place ?? spec, use, within(here, inner)));
  if ('error' in ended) throw ended.error;
  return ended.value;
}

/** Inputs of every role that works in a place. */
export function placeInputs({ host, directory, network, label }: Place): JsonObject {
  return { host, directory, network, label };
}

const openTells = { opened: 'flag', reason: 'text', directory: 'text', network: 'text', fingerprint: 'text' } as const;
const destroyTells = { leftovers: 'list' } as const;
const closeTells = { leftovers: 'list', sunk: 'number', escaped: 'number' } as const;

type Opened = { readonly kind: 'opened'; readonly place: Place } | Exclude<PlaceEnd<never>, { readonly kind: 'used' }>;

async function openPlace(spec: PlaceSpec, here: Here): Promise<Opened> {
  const { host, inventory, label, parent, isolate, identity } = spec;
  const startedAt = here.effects.now();
  const inputs = { host, label, parent, isolate, identity };
  const opened = await askRole({ runbook: placeRole('open'), inputs, inventory }, openTells, here);
  if (!opened.ok) return { kind: 'faulted', reason: opened.reason };
  const { told } = opened;
  if (!told.opened) return { kind: 'refused', reason: told.reason };
  const { directory, network, fingerprint } = told;
  // R-DRILL-1: without it, what runs there could reach everything that the host reaches.
  if (isolate && network === '')
    return { kind: 'faulted', reason: `Cannot use the place in ${directory}: it has no network of its own` };
  note(here, 'backup.step', { what: 'opened', startedAt, detail: { label, host, directory, network, fingerprint } });
  return { kind: 'opened', place: { ...spec, directory, network, fingerprint } };
}

async function tearDown(spec: PlaceSpec | Place, use: PlaceUse<unknown>, here: Here): Promise<void> {
  const startedAt = here.effects.now();
  const { host, inventory, label, parent } = spec;
  const faults: { step: 'destroy' | 'close'; reason: string }[] = [];
  const leftovers: string[] = [];
  if ('directory' in spec) {
    const call = { runbook: providerRole(here, 'destroy'), inputs: placeInputs(spec), inventory };
    const destroyed = await use.step('destroy', () => insist(call, destroyTells, here));
    if (destroyed.ok) leftovers.push(...destroyed.told.leftovers.map(String));
    else faults.push({ step: 'destroy', reason: destroyed.reason });
  }
  const call = { runbook: placeRole('close'), inputs: { host, label, parent }, inventory };
  const closed = await use.step('close', () => insist(call, closeTells, here));
  if (!closed.ok) faults.push({ step: 'close', reason: closed.reason });
  // What destroying left, closing may have ended: the last look counts.
  const left = closed.ok ? closed.told.leftovers.map(String) : leftovers;
  const { sunk, escaped } = closed.ok ? closed.told : { sunk: -1, escaped: 0 };
  const detail = { label, leftovers: left, sunk, escaped, faults };
  note(here, 'backup.step', { what: 'closed', startedAt, detail });
  use.closed({ leftovers: left, sunk, escaped, faults });
}

const attempts = 3;
const pauseMs = 30 * secondMs;

/** A place must not stay because the host was out of reach for a moment. */
async function insist<S extends OutputShape>(call: RoleCall, shape: S, here: Here): Promise<RoleReply<S>> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await askRole(call, shape, here);
    if (reply.ok || attempt === attempts) return reply;
    await here.effects.sleep(pauseMs);
  }
}

async function settled<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}
