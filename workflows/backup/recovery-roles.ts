import { verificationLevels } from '../domain/backup-levels';
import type { AssertionResult } from '../domain/backup-levels';
import type { AssertionsTold, ReplayTold, RestoreTold } from '../domain/drill-verdict';
import type { Json, JsonObject } from '../domain/json';
import { asJson, note } from './here';
import type { Here } from './here';
import type { KnownSet } from './messages';
import { placeInputs } from './place';
import type { Place } from './place';
import { providerRole } from './provider';
import { askRole, isTold } from './role-outputs';

/** Which backup is brought back to which point, and where, and what it is held against. */
export interface Recovery {
  readonly set: KnownSet;
  /** As in `OperationWork`. */
  readonly targetMs: number;
  readonly place: Place;
  /** Absent: that of the plan. */
  readonly repository?: string;
  readonly stableMs: number;
  readonly manifest: JsonObject;
  /** Absent: by its target. */
  readonly atManifest?: boolean;
  /** Empty: nothing is broken on purpose. */
  readonly mutation: string;
}

/** `ok` false: what is around it failed. */
type Answered<T> = { readonly ok: true; readonly told: T } | { readonly ok: false; readonly reason: string };

export interface ReplayTimes extends ReplayTold {
  readonly answeringAtMs: number;
  readonly healthyAtMs: number;
}

const restoreTells = {
  restored: 'flag',
  fault: 'text',
  reason: 'text',
  path: 'text',
  bytes: 'number',
  earliestMs: 'number',
  latestMs: 'number',
} as const;

const replayTells = {
  started: 'flag',
  fault: 'text',
  reason: 'text',
  reachedMs: 'number',
  endedAtTarget: 'flag',
  answeringAtMs: 'number',
  healthyAtMs: 'number',
} as const;

const assertTells = { results: 'list', heartbeatAtMs: 'number' } as const;
const resultShape = { name: 'text', level: 'text', ok: 'flag', detail: 'text' } as const;

export async function restoreInto(recovery: Recovery, here: Here): Promise<Answered<RestoreTold>> {
  const { set, targetMs, place, repository, mutation } = recovery;
  const startedAt = here.effects.now();
  const inputs = {
    ...placeInputs(place),
    ...(repository === undefined ? {} : { repository }),
    set: set.setId,
    targetMs,
  };
  const call = { runbook: providerRole(here, 'restore'), inputs, inventory: place.inventory };
  const restored = await askRole(call, restoreTells, here);
  if (!restored.ok) return restored;
  const { told } = restored;
  const fault = faultOf(told.fault);
  if (fault === null) return unknownFault(call.runbook, told.fault);
  const { restored: isThere, reason, path, bytes, earliestMs, latestMs } = told;
  const detail = {
    set: set.id,
    label: place.label,
    targetMs,
    path,
    bytes,
    earliestMs,
    latestMs,
    fault,
    reason,
    mutation,
  };
  note(here, 'backup.step', { what: 'restored', startedAt, detail });
  return { ok: true, told: { restored: isThere, fault, reason, earliestMs, latestMs } };
}

export async function replayIn(recovery: Recovery, here: Here): Promise<Answered<ReplayTimes>> {
  const { set, targetMs, place, stableMs, mutation } = recovery;
  const startedAt = here.effects.now();
  const inputs = { ...placeInputs(place), targetMs, stableMs };
  const call = { runbook: providerRole(here, 'replay'), inputs, inventory: place.inventory };
  const replayed = await askRole(call, replayTells, here);
  if (!replayed.ok) return replayed;
  const fault = faultOf(replayed.told.fault);
  if (fault === null || fault === 'place') return unknownFault(call.runbook, replayed.told.fault);
  const { started, reason, reachedMs, endedAtTarget, answeringAtMs, healthyAtMs } = replayed.told;
  const told = { started, fault, reason, reachedMs, endedAtTarget, answeringAtMs, healthyAtMs };
  const detail = { set: set.id, label: place.label, targetMs, ...told, mutation };
  note(here, 'backup.step', { what: 'replayed', startedAt, detail });
  return { ok: true, told };
}

export async function assertIn(
  asserting: Recovery & { readonly atManifest: boolean },
  here: Here,
): Promise<Answered<AssertionsTold>> {
  const { place, manifest, atManifest, set, mutation } = asserting;
  const inputs = { ...placeInputs(place), manifest, atManifest, fromLevel: 'V3' };
  const call = { runbook: providerRole(here, 'assert'), inputs, inventory: place.inventory };
  const asserted = await askRole(call, assertTells, here);
  if (!asserted.ok) return asserted;
  const { heartbeatAtMs } = asserted.told;
  const results = resultsOf(asserted.told.results);
  if (results === null) return { ok: false, reason: `${call.runbook} told results that are none` };
  note(here, 'backup.asserted', { set: set.id, mutation, results: asJson(results) });
  return { ok: true, told: { results, heartbeatAtMs } };
}

function faultOf(fault: string): RestoreTold['fault'] | null {
  return fault === '' || fault === 'backup' || fault === 'place' ? fault : null;
}

function unknownFault(runbook: string, fault: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason: `${runbook} told a fault that nobody knows: "${fault}"` };
}

function resultsOf(list: readonly Json[]): readonly AssertionResult[] | null {
  const results = list.flatMap((result) => {
    if (!isTold(result, resultShape)) return [];
    const { name, level, ok, detail } = result;
    const known = verificationLevels.find((each) => each === level);
    return known === undefined ? [] : [{ name, level: known, ok, detail }];
  });
  return results.length === list.length ? results : null;
}
