import type { ResolvedInventory } from '../../definitions/inventory';
import { hostClasses } from '../../definitions/inventory/host-class';
import { diffPlans } from '../../definitions/plan-diff';
import { hashPlan, planBytes } from '../../definitions/plan-hash';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { estimatePlan } from '../../definitions/plan-view/estimate';
import type { PlanEstimate } from '../../definitions/plan-view/estimate';
import { definitionsIn, historyOf } from '../../definitions/plan-view/estimate/history';
import { hostNames } from '../../definitions/plan-view/hosts';
import type { PlanWithBlobs } from '../../definitions/plan-view/hosts';
import { stepsWithoutUndo } from '../../definitions/plan-view/undoable';
import { SelectedLabels } from '../../platform/store/selected-labels';
import type { Store } from '../../platform/store/store';
import { hasCode } from '../../platform/system-error';
import type { ChangePlan, ChangeProblem } from '../../workflows/change/messages';
import type { Scope } from '../../workflows/domain/authorization';
import type { JournalEntry } from '../../workflows/domain/journal';
import { predictWork } from '../../workflows/domain/work-prediction';
import type { StepEstimate } from '../../workflows/domain/work-prediction';
import type { Lookups } from '../../workflows/effects';
import type { Program } from '../../workflows/runbook/plan';
import { changePlanOf } from './change-plan';
import { judgeByModel } from './change-model';
import type { Judged } from './change-model';
import { draftScope } from './plan-scope';
import { parsePlan } from './plan-bundle';
import type { PlanBundle } from './plan-bundle';
import { planPublished } from './plan-published';
import type { PublishedRequest } from './plan-published';
import type { PublishedShelf } from './published-shelf';
import { unprovenRestores } from './proven-restore';
import { requesterProblems, scopeProblems } from './requester-scope';
import { streamOf } from '../../workflows/domain/streams';

type Asked = Lookups['planChange']['asked'];
type Answer = Lookups['planChange']['answer'];

interface Sources {
  readonly store: Store;
  readonly shelf: PublishedShelf;
}

/** The plan of a change as the published definitions give it now, held against its model. What can be told is told at once. */
export async function planChange(sources: Sources, asked: Asked): Promise<Answer> {
  const found = await considerChange(sources, asked);
  if ('problems' in found) return found;
  const { bundle, planDigest, judged, estimate, work } = found;
  const { plan } = bundle;
  const changePlan = changePlanOf(
    { plan, planDigest, generation: asked.generation, hosts: found.hosts.length },
    estimate,
    work,
  );
  const items = itemsOf(found.hosts, asked);
  const labels = new SelectedLabels(sources.store);
  const scope = await draftScope({ shelf: sources.shelf, labels }, asked.draft);
  await keepPlan(sources.store, asked, { bundle, plan: changePlan, items, scope });
  const difference = await differenceTo(sources.store, asked.previous, { bundle, planDigest });
  return { model: judged.model, assessment: judged.assessment, plan: changePlan, difference };
}

interface Considered {
  readonly bundle: PlanBundle;
  readonly planDigest: string;
  readonly judged: Judged;
  readonly estimate: PlanEstimate;
  readonly work: Pick<ChangePlan, 'work' | 'source'>;
  readonly hosts: readonly string[];
}

/** Without leaving anything behind: also what a change would be if it were submitted now. */
export async function considerChange(
  { store, shelf }: Sources,
  { draft, requester, at }: Pick<Asked, 'draft' | 'requester' | 'at'>,
): Promise<Considered | { readonly problems: readonly ChangeProblem[] }> {
  const { documents } = await shelf.documents();
  const tiers: Tiers = [documents, shelf.shipped];
  const model = resolveReference('ChangeModel', draft.model, tiers);
  if (!model.ok) return problem('MODEL_NOT_FOUND', model.message);
  const judged = judgeByModel(model.document, draft, tiers);
  const allowed = await requesterProblems({ store, documents }, { requester, model: model.document });
  const planned = await planPublished(shelf, requestOf(draft));
  const first = [...allowed, ...judged.problems];
  if (!planned.ok) {
    const own =
      'notFound' in planned ? [{ code: 'DEFINITION_NOT_FOUND', message: planned.notFound }] : planned.problems;
    return { problems: [...first, ...own.map(({ code, message }) => ({ code, message }))] };
  }
  const { bundle } = planned;
  const hosts = hostsOf(bundle);
  const outside = scopeProblems({ documents, inventory: planned.inventory }, { requester, hosts });
  const unproven = await unprovenRestores(
    { store, tiers, model: model.document.spec, inventory: planned.inventory },
    { draft, hosts, at },
  );
  const estimate = await estimateOf(store, bundle, {
    assumeTimeout: model.document.spec.unknownDuration === 'timeout',
    inventory: planned.inventory,
  });
  const predicted = predictWork(estimate.work);
  const unknown =
    predicted.kind === 'predicted'
      ? []
      : [
          {
            code: 'DURATION_UNKNOWN',
            message: `Cannot tell whether the change fits its window: nobody knows how long ${unknownParts(estimate).join(', ')} takes; give it an estimate, or a history`,
          },
        ];
  const problems = [...first, ...outside, ...unproven, ...backOutProblems(bundle.plan.program), ...unknown];
  if (problems.length > 0 || predicted.kind !== 'predicted') return { problems };
  const { planDigest } = hashPlan(bundle.plan);
  const { work, source } = predicted;
  return { bundle, planDigest, judged, estimate, work: { work, source }, hosts };
}

/** As an author looks for them: steps, and the undo of steps. */
function unknownParts({ steps, work }: PlanEstimate): readonly string[] {
  const isUnknown = ({ estimate }: StepEstimate): boolean => estimate.source === 'none';
  const forward = steps.filter(isUnknown).map(({ step }) => `"${step}"`);
  const back = work.backOut.filter(isUnknown).map(({ step }) => `the undo of "${step}"`);
  const found = [...new Set([...forward, ...back])];
  return found.length > 0 ? found : work.forward.filter(isUnknown).map(({ step }) => `"${step}"`);
}

/** What nobody can take back has to be said: a back-out that leaves something changed is none. */
function backOutProblems(program: Program): readonly ChangeProblem[] {
  return stepsWithoutUndo(program).map((at) => ({
    code: 'BACK_OUT_INCOMPLETE',
    message: `Cannot back out the change: step "${at}" changes something and has no undo; give it one, or say "undo: none" on purpose`,
  }));
}

async function estimateOf(
  store: Store,
  bundle: PlanWithBlobs,
  { assumeTimeout, inventory }: { readonly assumeTimeout: boolean; readonly inventory: ResolvedInventory | null },
): Promise<PlanEstimate> {
  const names = definitionsIn(bundle.plan.program);
  const durations = await Promise.all(names.map(async (name) => [name, await store.views.durations(name)] as const));
  const classOf = inventory === null ? () => '' : hostClasses(inventory);
  return estimatePlan(bundle, {
    historyOf: historyOf(new Map(durations), classOf),
    classOf,
    ...(assumeTimeout ? { assume: 'timeout' as const } : {}),
  });
}

function itemsOf(hosts: readonly string[], { draft }: Asked): readonly string[] {
  return [...new Set([...hosts.map((host) => `host/${host}`), ...(draft.items ?? [])])].sort();
}

interface KeptPlan {
  readonly bundle: PlanBundle;
  readonly plan: ChangePlan;
  readonly items: readonly string[];
  readonly scope: Scope;
}

/** Items never enter the workflow: the journal has them, and the folds of it. */
async function keepPlan(
  store: Store,
  { changeId, generation, at }: Asked,
  { bundle, plan, items, scope }: KeptPlan,
): Promise<void> {
  const { planHash, planDigest, definition, hosts, work, source, units } = plan;
  const entry: JournalEntry<'change.planned'> = {
    key: `plan@${generation}/${planHash}/change.planned`,
    kind: 'change.planned',
    at,
    actor: 'engine',
    via: 'engine',
    payload: {
      generation,
      planHash,
      planDigest,
      definition: `${definition.name}@${definition.version}`,
      hosts,
      items,
      scope,
      work,
      source,
      units,
    },
  };
  try {
    await store.journal.append(streamOf(changeId), [entry], [...Object.values(bundle.blobs), planBytes(bundle.plan)]);
  } catch (error) {
    // Tried again after a lost reply: the plan is there; how long it takes may be predicted otherwise by now.
    if (!hasCode(error, 'JOURNAL_CONFLICT')) throw error;
  }
}

/** Hosts added and removed, commands changed: what approvers are shown (R-APPR-9). */
async function differenceTo(
  store: Store,
  previous: string | null,
  { bundle, planDigest }: { readonly bundle: PlanBundle; readonly planDigest: string },
): Promise<readonly string[]> {
  if (previous === null || previous === planDigest) return [];
  const before = await readPlan(store, previous);
  return before === null ? [] : diffPlans(before, bundle);
}

async function readPlan(store: Store, digest: string): Promise<PlanWithBlobs | null> {
  const bytes = await store.blobs.get(digest);
  if (bytes === null) return null;
  const plan = parsePlan(bytes);
  const blobs = new Map<string, Uint8Array>();
  for (const shard of Object.values(plan.targetSets).flatMap(({ shards }) => shards)) {
    const content = await store.blobs.get(shard);
    if (content !== null) blobs.set(shard, content);
  }
  return { plan, blobs };
}

/** Who can be planned no more for another reason is not taken for gone. */
export async function removedHosts(
  { store, shelf }: Sources,
  { draft, planDigest }: Lookups['removedHosts']['asked'],
): Promise<Lookups['removedHosts']['answer']> {
  const before = await readPlan(store, planDigest);
  const planned = await planPublished(shelf, requestOf(draft));
  if (before === null || !planned.ok) return { names: [] };
  const now = new Set(hostsOf(planned.bundle));
  return {
    names: hostsOf(before)
      .filter((name) => !now.has(name))
      .slice(0, mostRemoved),
  };
}

const mostRemoved = 100;

function hostsOf(bundle: PlanWithBlobs): readonly string[] {
  return [...new Set(Object.keys(bundle.plan.targetSets).flatMap((set) => hostNames(bundle, set)))];
}

function requestOf({ runbook, inputs = {}, inventory, limit }: Asked['draft']): PublishedRequest {
  return {
    definition: runbook,
    inputs,
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** For the run that a change starts. */
export async function loadProgram(
  store: Store,
  { planDigest }: Lookups['loadProgram']['asked'],
): Promise<Lookups['loadProgram']['answer']> {
  const bytes = await store.blobs.get(planDigest);
  if (bytes === null) throw new Error(`Cannot start the change: its plan ${planDigest} is not in the store`);
  return { program: parsePlan(bytes).program };
}

function problem(code: string, message: string): { readonly problems: readonly ChangeProblem[] } {
  return { problems: [{ code, message }] };
}
