import { selectForDrill } from '../domain/drill-selection';
import type { JsonObject } from '../domain/json';
import { isInterruption } from '../effects';
import { concludeDrill } from './drill-end';
import { isNewestGood, measureDrill } from './drill-measure';
import type { Measurable } from './drill-measure';
import { drillPlace, fault, isSound, newRecord, noteClosing, takeStep } from './drill-record';
import type { Chosen, DrillRecord, Drilling } from './drill-record';
import { asJson, note } from './here';
import type { Here } from './here';
import { knownSets } from './looking';
import type { KnownSet } from './messages';
import { mutationPass } from './mutation';
import type { Ended } from './operation';
import { withPlace } from './place';
import type { Place } from './place';
import { recover } from './recovery';

/**
 * R-DRILL-1: select → place → restore → replay → assertions → measure → destroy → mutations → score.
 *
 * - DR1 What ended a drill is in its record; the verdict is computed from that alone (`domain/drill-verdict`).
 * - DR2 Whatever was opened is destroyed and closed before there is a verdict.
 * - DR3 Called off, it says INTERRUPTED itself: nothing of what was found is lost.
 */
export async function drill(here: Here): Promise<Ended> {
  const { work, plan } = here.input;
  if (work.kind !== 'drill') throw new Error(`Cannot drill: asked for is a ${work.kind}`);
  if (plan.drill === null)
    return { outcome: 'blocked', reason: 'Cannot drill: the plan says nothing about drills', set: null };
  const record = newRecord(work);
  const drilling: Drilling = { ...here, work, policy: plan.drill, record };
  try {
    await carryOut(drilling);
  } catch (error) {
    if (!isInterruption(error) || error.reason !== 'cancel') throw error;
    // Between two steps: all that was found comes before it.
    const interrupted = { step: 'close', reason: here.state.calledOff ?? 'it was called off' } as const;
    record.facts = { ...record.facts, interrupted: record.facts.interrupted ?? interrupted };
  }
  return here.effects.shield((effects) => concludeDrill({ ...drilling, effects }));
}

async function carryOut(drilling: Drilling): Promise<void> {
  const chosen = await takeStep({ step: 'select' }, drilling, () => select(drilling));
  if (chosen === null) return;
  await proveInPlace(chosen, drilling);
  if (isSound(drilling)) await mutationPass(chosen, drilling);
}

async function select(drilling: Drilling): Promise<Chosen | null> {
  const { work, record, effects } = drilling;
  const startedAt = effects.now();
  const sets = await knownSets(drilling);
  const { select: choice, seed, targetMs } = work;
  const selection = selectForDrill(sets, { choice, seed, nowMs: startedAt });
  record.selection = selection;
  const set = sets.find(({ id }) => id === selection.id) ?? null;
  note(drilling, 'backup.step', { what: 'selected', startedAt, detail: { ...selectionDetail(selection), targetMs } });
  if (set === null) return refuse(selection.reason, drilling);
  record.set = set;
  record.facts = { ...record.facts, selected: set.id };
  // What is to come is archived by nobody: no backup is to blame for that (R-DRILL-2).
  if (targetMs > startedAt) return refuse('the target lies in the future', drilling);
  const { manifest } = await effects.lookUp('backupManifest', { set: set.id });
  return manifest === null
    ? refuse(`no manifest of "${set.id}" was kept, so nothing can be compared with it`, drilling)
    : { set, sets, manifest };
}

function selectionDetail(selection: NonNullable<DrillRecord['selection']>): JsonObject {
  const { id, reason, seed, candidates, excluded } = selection;
  return { set: id, reason, seed, candidates: [...candidates], excluded: asJson(excluded) };
}

function refuse(reason: string, drilling: Drilling): null {
  fault('select', reason, drilling);
  return null;
}

async function proveInPlace(chosen: Chosen, drilling: Drilling): Promise<void> {
  const { record } = drilling;
  const spec = drillPlace(drilling);
  const end = await withPlace(
    spec,
    {
      body: (place) => prove(chosen, place, drilling),
      step: (step, work) => takeStep({ step }, drilling, work),
      closed: (closing) => noteClosing(closing, spec.isolate, drilling),
    },
    drilling,
  );
  switch (end.kind) {
    case 'used':
      return;
    case 'refused':
      record.facts = { ...record.facts, opened: { opened: false, reason: end.reason } };
      return;
    case 'faulted':
      fault('open', end.reason, drilling);
  }
}

async function prove({ set, sets, manifest }: Chosen, place: Place, drilling: Drilling): Promise<void> {
  const { record, policy, effects, work } = drilling;
  const { targetMs } = work;
  record.facts = { ...record.facts, opened: { opened: true, reason: '' } };
  record.fingerprint = place.fingerprint;
  const declaredAtMs = effects.now();
  const recovery = { set, targetMs, place, stableMs: policy.stableForMs, manifest, mutation: '' };
  const recovered = await recover(recovery, { step: (step, run) => takeStep({ step }, drilling, run) }, drilling);
  const { restored, replayed, asserted, fault: failed } = recovered;
  record.facts = { ...record.facts, restored, replayed, asserted };
  if (failed !== null) return fault(failed.step, failed.reason, drilling);
  if (restored === null || asserted === null || !isSound(drilling)) return;
  const isNewest = isNewestGood(set, sets);
  measure(set, { targetMs, declaredAtMs, recovered, restored, asserted, isNewest }, drilling);
}

function measure(set: KnownSet, found: Measurable, drilling: Drilling): void {
  const { record, input } = drilling;
  const measured = measureDrill(found, input.plan);
  record.measured = measured;
  const { rtoMs, rpoMs, recoveryTime, recoveryPoint } = measured;
  const { heartbeatAtMs } = found.asserted;
  const times = { ...measured.times, heartbeatAtMs: heartbeatAtMs === 0 ? null : heartbeatAtMs };
  const reported = `${recoveryTime}; ${recoveryPoint}`;
  note(drilling, 'backup.measured', { set: set.id, times, rtoMs, rpoMs, reported });
}
