import { drillDecision } from '../domain/drill-verdict';
import type { DrillDecision } from '../domain/drill-verdict';
import { elapsedText } from '../domain/elapsed-text';
import { isInterruption } from '../effects';
import { blankFacts } from './drill-record';
import { asJson, note } from './here';
import type { Here } from './here';
import type { Ended } from './operation';
import { withPlace } from './place';
import type { Closing, Place, PlaceSpec } from './place';
import { restoreHome } from './place-homes';
import { recover } from './recovery';
import type { Recovered } from './recovery';
import { recoveryEvidence } from './recovery-evidence';
import { approveRestore } from './restore-approval';
import { keepBeside } from './restore-beside';
import { chooseRestore } from './restore-choice';
import type { RestoreChosen } from './restore-choice';
import { compareWithLive } from './restore-compare';
import { putInPlace } from './restore-over';
import { newRestoreRecord } from './restore-record';
import type { RestoreEnd, Restoring } from './restore-record';
import { noteLevels } from './set-standing';
import { timed } from './step-times';

/**
 * A point is chosen, its loss is shown, people approve; it is restored beside what is live, asserted and compared, and only then, on word,
 * takes its place.
 *
 * - RS1 What is live is not touched before the swap.
 * - RS2 Whatever was opened is destroyed and closed, unless nobody knows what is live.
 */
export async function restore(here: Here): Promise<Ended> {
  const { work } = here.input;
  if (work.kind !== 'restore') throw new Error(`Cannot restore: asked for is a ${work.kind}`);
  const restoring: Restoring = { ...here, work, record: newRestoreRecord() };
  const end = await carriedOut(restoring);
  const { record } = restoring;
  noteEvidence(restoring);
  const left = record.leftovers ?? [];
  const alarms = left.length === 0 ? {} : { alarms: { places: `left by a restore: ${left.join(', ')}` } };
  return { ...end, set: record.set?.id ?? null, ...alarms };
}

async function carriedOut(restoring: Restoring): Promise<RestoreEnd> {
  try {
    return await onRequest(restoring);
  } catch (error) {
    if (!isInterruption(error) || error.reason !== 'cancel') throw error;
    return { outcome: 'cancelled', reason: restoring.state.calledOff ?? 'it was called off' };
  }
}

async function onRequest(restoring: Restoring): Promise<RestoreEnd> {
  const { record, work, effects } = restoring;
  const { steps } = record;
  const selected = await timed('select', { steps, effects }, () => chooseRestore(work, restoring));
  if (!selected.ok) return { outcome: 'failed', reason: selected.reason };
  const { chosen } = selected;
  record.set = chosen.set;
  record.loss = chosen.loss;
  const approval = await timed('approve', { steps, effects }, () => approveRestore(chosen, work, restoring));
  switch (approval.kind) {
    case 'impossible':
      return { outcome: 'failed', reason: approval.reason };
    case 'not-approved':
      return { outcome: 'cancelled', reason: `it was not approved: ${approval.reason}` };
    case 'approved':
      record.approvers = approval.by;
      return inPlace(chosen, restoring);
  }
}

async function inPlace(chosen: RestoreChosen, restoring: Restoring): Promise<RestoreEnd> {
  const { record, effects } = restoring;
  const end = await withPlace(
    placeSpec(restoring),
    {
      body: (place) => restoreBeside(chosen, place, restoring),
      step: (step, work) => timed(step, { steps: record.steps, effects }, work),
      closed: (closing) => noteLeft(closing, restoring),
      keeps: () => record.keepsPlace,
    },
    restoring,
  );
  return end.kind === 'used' ? end.value : { outcome: 'blocked', reason: end.reason };
}

/** Without a way to what is live for as long as it is beside. */
function placeSpec({ input }: Restoring): PlaceSpec {
  const { plan, operation } = input;
  const home = restoreHome(plan);
  const identity = plan.drill?.host === home.host ? { ...plan.drill.identity } : {};
  return { ...home, label: operation.id, isolate: true, identity };
}

function noteLeft({ leftovers, faults }: Closing, { record }: Restoring): void {
  const unseen = faults.map(({ step, reason }) => `nobody could ${step} it: ${reason}`);
  record.leftovers = [...(record.leftovers ?? []), ...leftovers, ...unseen];
}

async function restoreBeside(chosen: RestoreChosen, place: Place, restoring: Restoring): Promise<RestoreEnd> {
  const { record, effects, input, work } = restoring;
  const { set, targetMs, manifest } = chosen;
  record.fingerprint = place.fingerprint;
  const stableMs = input.plan.drill?.stableForMs ?? 0;
  const recovered = await recover(
    { set, targetMs, place, stableMs, manifest: manifest ?? {}, mutation: '' },
    {
      step: (step, run) => timed(step, { steps: record.steps, effects }, run),
      // Without a manifest there is nothing that could be asserted; people see that.
      beforeAsserting: async () => manifest !== null,
    },
    restoring,
  );
  const decision = judge(recovered, chosen);
  noteStanding(recovered, decision, restoring);
  record.results = recovered.asserted?.results ?? [];
  const tookMs = recovered.endedAtMs - input.operation.createdAt;
  record.recoveryTime = `restored beside ${elapsedText(tookMs)} after it was asked for`;
  if (decision.verdict === 'BLOCKED') return { outcome: 'blocked', reason: `${decision.step}: ${decision.reason}` };
  // Assertions that do not hold are for people to judge: it can be all that is left.
  if (decision.verdict === 'FAIL' && decision.step !== 'assert')
    return { outcome: 'failed', reason: `${decision.step}: ${decision.reason}${rangeText(recovered)}` };
  const failed = record.results.filter(({ ok }) => !ok);
  const differences = await compareWithLive(place, restoring);
  const beside = { chosen, place, failed, differences };
  return work.over ? putInPlace(beside, restoring) : keepBeside(beside, restoring);
}

function rangeText({ restored }: Recovered): string {
  if (restored === null || restored.latestMs === 0) return '';
  const { earliestMs, latestMs } = restored;
  return ` (it can be recovered to ${new Date(earliestMs).toISOString()} … ${new Date(latestMs).toISOString()})`;
}

/** By the rules that a drill is judged by. */
function judge({ restored, replayed, asserted, fault }: Recovered, { set, targetMs }: RestoreChosen): DrillDecision {
  return drillDecision({ ...blankFacts(targetMs), selected: set.id, restored, replayed, asserted, faulted: fault });
}

/** What restoring it has shown of the set. */
function noteStanding(found: Recovered, { verdict, step, reason }: DrillDecision, restoring: Restoring): void {
  const { record, input } = restoring;
  const { restored, asserted } = found;
  if (record.set === null) return;
  const set = record.set.id;
  // An archive that ends before the point that was wished for says nothing against the backup: what ended it may be why it is needed.
  const isOutOfRange = step === 'restore' && restored?.restored === true && restored.fault === '';
  if (verdict === 'FAIL' && !isOutOfRange)
    note(restoring, 'backup.broken', { set, reason: `restore ${input.operation.id}: ${step}: ${reason}` });
  if (verdict === 'PASS' && asserted !== null) noteLevels(set, found, restoring);
}

/** R-DRILL-7 of a restore. */
function noteEvidence(restoring: Restoring): void {
  const { record, input } = restoring;
  const { set, approvers, steps, results, loss, recoveryTime, fingerprint, leftovers } = record;
  const evidence = recoveryEvidence(
    {
      set,
      approver: approvers.join(', '),
      steps,
      results,
      recoveryPoint: loss,
      recoveryTime,
      fingerprint,
      leftovers,
    },
    input,
  );
  const { createdAt: startedAt } = input.operation;
  note(restoring, 'backup.step', { what: 'concluded', startedAt, detail: { evidence: asJson(evidence) } });
}
