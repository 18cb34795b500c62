import { resolveReference } from '../../definitions/library';
import { hashPlan, planBytes } from '../../definitions/plan-hash';
import type { Store } from '../../platform/store/store';
import { hasCode } from '../../platform/system-error';
import type { JournalEntry } from '../../workflows/domain/journal';
import type { JsonObject } from '../../workflows/domain/json';
import { streamOf } from '../../workflows/domain/streams';
import type { Lookups } from '../../workflows/effects';
import type { PlanBundle } from './plan-bundle';
import { planPublished } from './plan-published';
import type { PublishedShelf } from './published-shelf';

type Asked = Lookups['planProvider']['asked'];

interface Sources {
  readonly store: Pick<Store, 'journal'>;
  readonly shelf: PublishedShelf;
}

/** One runbook of a provider, planned for the operation that starts it. The program goes with the answer, all else is in the store. */
export async function planProvider(
  { store, shelf }: Sources,
  asked: Asked,
): Promise<Lookups['planProvider']['answer']> {
  const { runbook, inventory } = asked;
  const { documents } = await shelf.documents();
  const found = resolveReference('Runbook', runbook, [documents, shelf.shipped]);
  if (!found.ok) return { problems: [{ code: 'DEFINITION_NOT_FOUND', message: found.message }] };
  const planned = await planPublished(shelf, {
    definition: runbook,
    onBehalfOf: asked.owner,
    inputs: declaredOf(asked.inputs, found.document.spec.inputs ?? {}),
    ...(inventory === null ? {} : { inventory }),
  });
  if ('notFound' in planned) return { problems: [{ code: 'DEFINITION_NOT_FOUND', message: planned.notFound }] };
  if (!planned.ok) return { problems: planned.problems.map(({ code, message }) => ({ code, message })) };
  const { plan } = planned.bundle;
  const { planDigest } = hashPlan(plan);
  await keepPlan(store, asked, { bundle: planned.bundle, planDigest });
  const counts = Object.entries(plan.targetSets).map(([set, { count }]) => [set, count] as const);
  return { program: plan.program, planHash: plan.planHash, planDigest, targetCounts: Object.fromEntries(counts) };
}

/** Every role is given the same; each takes what it knows. */
function declaredOf(inputs: JsonObject, declared: object): JsonObject {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => Object.hasOwn(declared, name)));
}

/** In the journal of the operation, with the hosts and files that the plan names. */
async function keepPlan(
  store: Sources['store'],
  { operationId, runbook }: Asked,
  { bundle, planDigest }: { readonly bundle: PlanBundle; readonly planDigest: string },
): Promise<void> {
  const at = Date.now();
  const { planHash } = bundle.plan;
  const { name, version } = bundle.plan.program.definition;
  const entry: JournalEntry<'backup.step'> = {
    key: `plan/${planDigest}/${runbook}/backup.step`,
    kind: 'backup.step',
    at,
    actor: 'engine',
    via: 'engine',
    payload: { what: 'planned', startedAt: at, detail: { definition: `${name}@${version}`, planHash, planDigest } },
  };
  try {
    await store.journal.append(
      streamOf(operationId),
      [entry],
      [...Object.values(bundle.blobs), planBytes(bundle.plan)],
    );
  } catch (error) {
    // Asked again after a lost reply: it is there since the time that the first entry says.
    if (!hasCode(error, 'JOURNAL_CONFLICT')) throw error;
  }
}
