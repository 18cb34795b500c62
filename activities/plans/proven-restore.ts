import type { LoadedBackupPlan, LoadedDocument } from '../../definitions/document';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import type { ResolvedInventory } from '../../definitions/inventory';
import { dependencyGraphOf, itemsOf } from '../../definitions/inventory/dependencies';
import type { Store } from '../../platform/store/store';
import type { ChangeProblem } from '../../workflows/change/messages';
import type { ChangeDraft, ChangeModel } from '../../workflows/change/schema';
import { drillAgeProblem } from '../../workflows/domain/drill-age';
import { msOr } from './backup-plan';

/** How many drills of a plan are read at once. */
const page = 50;

const critical = 'critical';

interface Sources {
  readonly store: Pick<Store, 'backups'>;
  readonly tiers: Tiers;
  readonly model: Pick<ChangeModel, 'provenRestore'>;
  readonly inventory: ResolvedInventory | null;
}

interface Considered {
  readonly draft: ChangeDraft;
  readonly hosts: readonly string[];
  readonly at: number;
}

/** What is critical is changed only while it is known that it would come back: each of its backup plans with a limit has a drill that passed lately. */
export async function unprovenRestores(
  { store, tiers, model, inventory }: Sources,
  { draft, hosts, at }: Considered,
): Promise<readonly ChangeProblem[]> {
  if (model.provenRestore === false) return [];
  const services = servicesOf(draft, hosts, inventory);
  const isCritical = draft.labels?.['tier'] === critical || runbookTier(draft, tiers) === critical;
  const problems: ChangeProblem[] = [];
  for (const plan of newestPlans(tiers.flat())) {
    const { service, drill } = plan.spec;
    const maxAgeMs = msOr(drill?.maxAge, null);
    if (maxAgeMs === null || !services.has(service) || !(isCritical || tierOf(plan) === critical)) continue;
    const lastPassAtMs = await lastPass(store, plan.metadata.name);
    const reason = drillAgeProblem({ service, lastPassAtMs, maxAgeMs }, at);
    if (reason === null) continue;
    const message = `Cannot change "service/${service}": ${reason} (backup plan "${plan.metadata.name}", tier critical)`;
    problems.push({ code: 'DRILL_TOO_OLD', message });
  }
  return problems;
}

/** Those that the change names, and those that run on a host that it works on. */
function servicesOf(
  { items = [] }: ChangeDraft,
  hosts: readonly string[],
  inventory: ResolvedInventory | null,
): ReadonlySet<string> {
  const graph = inventory === null ? null : dependencyGraphOf(inventory);
  const above = itemsOf(hosts).flatMap((item) => (graph?.parents.get(item) ?? []).map(({ parent }) => parent));
  const prefix = 'service/';
  const named = [...items, ...above].filter((item) => item.startsWith(prefix));
  return new Set(named.map((item) => item.slice(prefix.length)));
}

function runbookTier({ runbook }: ChangeDraft, tiers: Tiers): string | undefined {
  const found = resolveReference('Runbook', runbook, tiers);
  return found.ok ? found.document.metadata.labels?.['tier'] : undefined;
}

function tierOf({ metadata, spec }: LoadedBackupPlan): string | undefined {
  return spec.labels?.['tier'] ?? metadata.labels?.['tier'];
}

/** As they are published now, in the order of their names. */
function newestPlans(documents: readonly LoadedDocument[]): readonly LoadedBackupPlan[] {
  const names = documents.filter(({ kind }) => kind === 'BackupPlan').map(({ metadata }) => metadata.name);
  return [...new Set(names)].sort().flatMap((name) => {
    const found = resolveReference('BackupPlan', name, [documents]);
    return found.ok ? [found.document] : [];
  });
}

/** When the newest drill that passed ended; null: none of the plan ever did. */
async function lastPass(store: Sources['store'], plan: string): Promise<number | null> {
  for (let before: number | undefined; ;) {
    const drills = await store.backups.operations({
      plan,
      kind: 'drill',
      open: false,
      limit: page,
      ...(before === undefined ? {} : { before }),
    });
    const ended = drills.filter(({ verdict }) => verdict?.verdict === 'PASS').map(({ endedAt }) => endedAt ?? 0);
    if (ended.length > 0) return Math.max(...ended);
    before = drills.at(-1)?.openedAt;
    if (before === undefined || drills.length < page) return null;
  }
}
