import type { RunRow, StepRow } from '../platform/store/store';
import type { Fact } from '../workflows/domain/task-summary';
import type { CourierStore } from './courier-parts';

const namesShown = 12;
const stepsShown = 5;
/** Of a step on thousands of hosts those among the first are named: the page in the console has them all. */
const hostsLookedAt = 500;

/** How a run ended: what failed, where, and what became of it. */
export async function runFacts(
  store: CourierStore,
  run: RunRow,
  instant: (at: number | null) => readonly string[],
): Promise<readonly Fact[]> {
  const { outcome, degraded, error, undone, requester, startedAt, endedAt } = run;
  const failed = (await store.views.steps(run.id)).filter(hasFailed).slice(0, stepsShown);
  return [
    { name: 'Run', lines: [runLine(run)] },
    { name: 'Outcome', lines: outcome === null ? [] : [degraded ? `${outcome}, with exceptions` : outcome] },
    { name: 'Error', lines: error === null ? [] : [`${error.code}: ${error.message}`] },
    { name: 'Failed steps', lines: failed.map(stepLine) },
    { name: 'Failed on', lines: await hostsOf(store, run.id, failed) },
    { name: 'Undone', lines: shortened(undone) },
    { name: 'Requested by', lines: [requester] },
    { name: 'Started', lines: instant(startedAt) },
    { name: 'Ended', lines: instant(endedAt) },
  ];
}

export function runLine({ number, definition }: RunRow): string {
  return `${number}: ${definition.title} (${definition.name} ${definition.version})`;
}

/** A list that a message has room for. */
export function shortened(names: readonly string[]): readonly string[] {
  const rest = names.length - namesShown;
  if (names.length === 0) return [];
  return [rest > 0 ? `${names.slice(0, namesShown).join(', ')} and ${rest} more` : names.join(', ')];
}

function hasFailed({ status }: StepRow): boolean {
  return status === 'failed' || status === 'unknown';
}

function stepLine({ path, status, error, counts }: StepRow): string {
  const bad = counts === null ? 0 : counts.failed + counts.unknown;
  const all = counts === null ? 0 : bad + counts.ok + counts.skipped;
  const where = all > 1 ? ` on ${bad} of ${all} hosts` : '';
  return `${path} ${status}${where}${error === null ? '' : `: ${error.code}: ${error.message}`}`;
}

async function hostsOf({ views }: CourierStore, runId: string, steps: readonly StepRow[]): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { path } of steps)
    for (const { host, status } of await views.hosts(runId, { step: path, limit: hostsLookedAt }))
      if (host !== '' && (status === 'failed' || status === 'unknown')) names.add(host);
  return shortened([...names].toSorted());
}
