import { drillDecision } from '../domain/drill-verdict';
import type { DrillDecision } from '../domain/drill-verdict';
import type { Json } from '../domain/json';
import type { FoundAlarms } from './alarm-names';
import { drillPlace, fault, takeStep } from './drill-record';
import type { Drilling } from './drill-record';
import { asJson, note } from './here';
import type { OperationOutcome } from './messages';
import type { Ended } from './operation';
import { placesLeft } from './place-sweep';
import { recoveryEvidence } from './recovery-evidence';
import { noteLevels } from './set-standing';

/** What is left is looked for, then the drill is judged; nobody can call it off any more. */
export async function concludeDrill(drilling: Drilling): Promise<Ended> {
  const { record, input } = drilling;
  // Before a place was opened there is none, and on a host that was refused nobody looks around.
  if (record.leftovers !== null) await sweep(drilling);
  const decision = drillDecision(record.facts);
  const { verdict, step, decidedBy } = decision;
  const { name: plan, service } = input.plan;
  const set = record.set?.id ?? null;
  const reason = reasonOf(decision, drilling);
  const at = decidedBy === '' ? step : `${step}:${decidedBy}`;
  note(drilling, 'backup.verdict', { plan, service, set, verdict, at, reason, evidence: evidenceOf(drilling) });
  noteStanding(decision, drilling);
  return { outcome: outcomeOf(decision), reason: `${at}: ${reason}`, set, alarms: alarmsOf(drilling) };
}

/** Nothing about the backup itself: that is in the verdict. */
function alarmsOf({ record }: Drilling): FoundAlarms {
  const left = record.leftovers ?? [];
  const missed = record.measured?.missed ?? [];
  return {
    ...(left.length === 0 ? {} : { places: `left by a drill: ${left.join(', ')}` }),
    ...(missed.length === 0 ? {} : { objectives: missed.join('; ') }),
  };
}

async function sweep(drilling: Drilling): Promise<void> {
  const { record } = drilling;
  const found = await takeStep({ step: 'close', name: 'sweep' }, drilling, () =>
    placesLeft(drillPlace(drilling), drilling),
  );
  if ('fault' in found) fault('close', `nobody could look what is left: ${found.fault}`, drilling);
  const left = 'fault' in found ? [`nobody could look: ${found.fault}`] : found.labels.map((label) => `place ${label}`);
  record.leftovers = [...(record.leftovers ?? []), ...left];
}

/** What the set is worth from now on (R-DRILL-5); of the others nothing is concluded. */
function noteStanding({ verdict, reason }: DrillDecision, drilling: Drilling): void {
  const { record, input } = drilling;
  const { set, facts } = record;
  if (set === null) return;
  if (verdict === 'FAIL')
    note(drilling, 'backup.broken', { set: set.id, reason: `drill ${input.operation.id}: ${reason}` });
  if (verdict === 'PASS') noteLevels(set.id, facts, drilling);
}

function reasonOf({ reason }: DrillDecision, { record }: Drilling): string {
  return [reason, ...(record.measured?.missed ?? [])].join('; ');
}

function outcomeOf({ verdict }: DrillDecision): OperationOutcome {
  switch (verdict) {
    case 'PASS':
      return 'succeeded';
    case 'BLOCKED':
      return 'blocked';
    case 'FAIL':
    case 'INTERRUPTED':
    case 'INVALID':
      return verdict;
  }
}

/** What it takes to come to the same choice again is part of it. */
function evidenceOf({ record, input, work }: Drilling): Json {
  const { set, selection, facts, measured, mutations, steps, fingerprint, leftovers } = record;
  const evidence = recoveryEvidence(
    {
      set,
      // Nobody is asked for a drill: whoever owns the plan has approved them all by publishing it.
      approver: input.plan.owner,
      steps,
      results: facts.asserted?.results ?? [],
      recoveryPoint: measured?.recoveryPoint ?? '',
      recoveryTime: measured?.recoveryTime ?? '',
      fingerprint,
      leftovers,
    },
    input,
  );
  const { seed, targetMs } = work;
  const candidates = selection?.candidates ?? [];
  return asJson({ ...evidence, seed, targetMs, candidates, mutations, isolation: facts.isolation });
}
