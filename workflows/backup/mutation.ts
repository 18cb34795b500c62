import { drillDecision } from '../domain/drill-verdict';
import type { DrillDecision } from '../domain/drill-verdict';
import { blankFacts, drillPlace, fault, noteClosing, takeStep } from './drill-record';
import type { Chosen, Drilling, MutationEvidence } from './drill-record';
import { note } from './here';
import { olderBackup, staleBackup } from './mutation-stale';
import { placeInputs, withPlace } from './place';
import type { Place } from './place';
import { hasRole, providerRole } from './provider';
import { recover } from './recovery';
import type { Recovered } from './recovery';
import type { Recovery } from './recovery-roles';
import { askRole } from './role-outputs';

/** The assertions that have just held must not hold for a backup that was broken on purpose. Each in a place of its own. */
export async function mutationPass(chosen: Chosen, drilling: Drilling): Promise<void> {
  const { record, policy } = drilling;
  for (const [index, mutation] of policy.mutations.entries()) {
    if (record.facts.faulted !== null) return;
    const name = `mutate ${mutation}`;
    const tried = await takeStep({ step: 'mutate', name }, drilling, () =>
      provoke({ mutation, suffix: `m${index + 1}` }, chosen, drilling),
    );
    if (tried.kind === 'faulted') fault('mutate', `${mutation}: ${tried.reason}`, drilling);
    else noteMutation(tried.evidence, drilling);
  }
}

type Tried =
  | { readonly kind: 'tried'; readonly evidence: MutationEvidence }
  /** Its surroundings failed: nothing is known of the assertions. */
  | { readonly kind: 'faulted'; readonly reason: string };

interface Provocation {
  readonly mutation: string;
  readonly suffix: string;
}

async function provoke({ mutation, suffix }: Provocation, chosen: Chosen, drilling: Drilling): Promise<Tried> {
  if (mutation === staleBackup) {
    const older = await olderBackup(chosen, drilling);
    if (older.kind === 'none') return tried({ mutation, what: '', result: 'left-out', by: older.reason });
    return twice(suffix, drilling, (place) => restoreStale(older.recovery(place), drilling));
  }
  if (!hasRole(drilling, 'mutate')) return tried({ mutation, what: '', result: 'not-made', by: '' });
  return twice(suffix, drilling, (place) => corrupt(mutation, recoveryOf(chosen, place, drilling), drilling));
}

/** What the surroundings spoiled is tried once more. */
async function twice(suffix: string, drilling: Drilling, body: (place: Place) => Promise<Tried>): Promise<Tried> {
  const first = await once(suffix, drilling, body);
  return first.kind === 'faulted' ? once(`${suffix}b`, drilling, body) : first;
}

async function once(suffix: string, drilling: Drilling, body: (place: Place) => Promise<Tried>): Promise<Tried> {
  const spec = drillPlace(drilling, suffix);
  const end = await withPlace(
    spec,
    {
      body,
      step: (_step, work) => work(),
      closed: (closing) => noteClosing(closing, spec.isolate, drilling),
    },
    drilling,
  );
  return end.kind === 'used' ? end.value : { kind: 'faulted', reason: end.reason };
}

function recoveryOf({ set, manifest }: Chosen, place: Place, { work, policy }: Drilling): Omit<Recovery, 'mutation'> {
  return { set, manifest, place, targetMs: work.targetMs, stableMs: policy.stableForMs };
}

async function restoreStale(recovery: Recovery, drilling: Drilling): Promise<Tried> {
  const recovered = await recover(recovery, { step: (_step, work) => work() }, drilling);
  return judged({ recovery, recovered, mutation: staleBackup, what: `backup ${recovery.set.id}` });
}

/** In a copy of the repository, or, where it belongs there, in what was restored and answers. */
async function corrupt(mutation: string, recovery: Omit<Recovery, 'mutation'>, drilling: Drilling): Promise<Tried> {
  const inRepository = await mutate(mutation, { stage: 'repository', recovery }, drilling);
  if (!inRepository.ok) return { kind: 'faulted', reason: inRepository.reason };
  const { applied, repository, what } = inRepository.told;
  const step = <R>(_step: string, work: () => Promise<R>): Promise<R> => work();
  if (applied) {
    const recovered = await recover({ ...recovery, mutation, repository }, { step }, drilling);
    return judged({ recovery, recovered, mutation, what });
  }
  return corruptRestored(mutation, recovery, drilling);
}

async function corruptRestored(
  mutation: string,
  recovery: Omit<Recovery, 'mutation'>,
  drilling: Drilling,
): Promise<Tried> {
  const made: { reply: Awaited<ReturnType<typeof mutate>> | null } = { reply: null };
  const recovered = await recover(
    { ...recovery, mutation },
    {
      step: (_step, work) => work(),
      async beforeAsserting() {
        made.reply = await mutate(mutation, { stage: 'restored', recovery }, drilling);
        return made.reply.ok && made.reply.told.applied;
      },
    },
    drilling,
  );
  const { reply } = made;
  // Nothing had been broken yet, and the same backup was sound a moment ago.
  if (reply === null)
    return { kind: 'faulted', reason: `before it was broken: ${judge({ recovery, recovered }).reason}` };
  if (!reply.ok) return { kind: 'faulted', reason: reply.reason };
  const { applied, what } = reply.told;
  return applied
    ? judged({ recovery, recovered, mutation, what })
    : tried({ mutation, what, result: 'not-made', by: '' });
}

const mutateTells = { applied: 'flag', repository: 'text', what: 'text' } as const;

function mutate(
  mutation: string,
  { stage, recovery }: { readonly stage: 'repository' | 'restored'; readonly recovery: Omit<Recovery, 'mutation'> },
  drilling: Drilling,
): ReturnType<typeof askRole<typeof mutateTells>> {
  const { place, set } = recovery;
  const inputs = { ...placeInputs(place), set: set.setId, mutation, stage, seed: drilling.work.seed };
  const runbook = providerRole(drilling, 'mutate');
  return askRole({ runbook, inputs, inventory: place.inventory }, mutateTells, drilling);
}

interface Judged {
  readonly recovery: Pick<Recovery, 'targetMs' | 'set'>;
  readonly recovered: Recovered;
  readonly mutation: string;
  readonly what: string;
}

/** It was noticed where a genuine backup would have failed: only what the provider said counts. */
function judged(found: Judged): Tried {
  const { mutation, what } = found;
  const { verdict, step, decidedBy, reason } = judge(found);
  switch (verdict) {
    case 'FAIL':
      return tried({ mutation, what, result: 'noticed', by: decidedBy === '' ? step : decidedBy });
    case 'PASS':
    case 'INVALID':
      return tried({ mutation, what, result: 'unnoticed', by: '' });
    case 'BLOCKED':
    case 'INTERRUPTED':
      return { kind: 'faulted', reason: `${step}: ${reason}` };
  }
}

/** By the very rules that a genuine backup is judged by. */
function judge({ recovered, recovery }: Pick<Judged, 'recovered' | 'recovery'>): DrillDecision {
  const { restored, replayed, asserted, fault: faulted } = recovered;
  const { targetMs, set } = recovery;
  const facts = { ...blankFacts(targetMs), selected: set.id };
  return drillDecision({ ...facts, restored, replayed, asserted, faulted });
}

function tried(evidence: MutationEvidence): Tried {
  return { kind: 'tried', evidence };
}

function noteMutation(evidence: MutationEvidence, drilling: Drilling): void {
  const { record, effects } = drilling;
  const { mutation, what, result, by } = evidence;
  record.mutations = [...record.mutations, evidence];
  const startedAt = record.steps.at(-1)?.startedAtMs ?? effects.now();
  note(drilling, 'backup.step', { what: 'mutated', startedAt, detail: { mutation, what, result, by } });
  if (result === 'left-out') return;
  const told = { mutation, applied: result !== 'not-made', noticedBy: result === 'noticed' ? by : null };
  record.facts = { ...record.facts, mutations: [...record.facts.mutations, told] };
}
