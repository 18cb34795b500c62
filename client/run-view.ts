import type { HostRow } from '../workflows/domain/journal';
import type { StepStatus } from '../workflows/domain/step-status';
import type { RunRow, StepRow, Store } from '../platform/store/store';
import type { HostView, RunView, RunViewParts, StepView } from './engine';

/** A run as screens show it, from the folds alone. */
export async function readRunView(store: Store, run: RunRow, wanted: RunViewParts = { hosts: true }): Promise<RunView> {
  // What was taken back is told with the hosts that it was taken back on.
  const needsHosts = wanted.hosts || run.undone.length > 0;
  const [steps, hosts, tasks] = await Promise.all([
    store.views.steps(run.id),
    needsHosts ? store.views.hosts(run.id) : [],
    store.views.tasks({ runId: run.id }),
  ]);
  const hostsOfStep = groupByStep(wanted.hosts ? hosts : []);
  const { createdAt, startedAt, endedAt, stateDigest: _internal, ...shown } = run;
  return {
    ...shown,
    undone: run.undone.map((path) => undoneText(path, hosts)),
    createdAt: instant(createdAt),
    startedAt: instantOrNull(startedAt),
    endedAt: instantOrNull(endedAt),
    steps: steps.map((step) => stepView(step, hostsOfStep.get(stepKey(step.path, step.phase)) ?? [])),
    tasks,
  };
}

/** The run knows which steps it took back, the rows where: `upgrade/install on web1, web2`. */
function undoneText(path: string, rows: readonly HostRow[]): string {
  const own = rows.filter(({ phase, step }) => phase === 'undo' && (step === path || step.startsWith(`${path}/`)));
  const failed = new Set(own.filter(({ status }) => !isTakenBack(status)).map(({ host }) => host));
  const names = [...new Set(own.map(({ host }) => host))].filter((host) => host !== '' && !failed.has(host));
  if (names.length === 0) return path;
  const more = names.length > undoneHostsNamed ? ` and ${names.length - undoneHostsNamed} more` : '';
  return `${path} on ${names.slice(0, undoneHostsNamed).join(', ')}${more}`;
}

/** Whoever needs all of them reads the hosts of the step. */
const undoneHostsNamed = 20;

function isTakenBack(status: StepStatus): boolean {
  return status === 'succeeded' || status === 'undone' || status === 'skipped';
}

function groupByStep(rows: readonly HostRow[]): ReadonlyMap<string, readonly HostRow[]> {
  const groups = new Map<string, HostRow[]>();
  for (const row of rows) {
    const key = stepKey(row.step, row.phase);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function stepKey(path: string, phase: string): string {
  return `${phase} ${path}`;
}

function stepView(step: StepRow, rows: readonly HostRow[]): StepView {
  // The one row of work on the worker has no host to show.
  return { ...stepSummary(step), hosts: rows.filter((row) => row.host !== '').map(hostView) };
}

/** A step by itself, without its hosts. */
export function stepSummary(step: StepRow): Omit<StepView, 'hosts'> {
  const { runId: _run, startedAt, endedAt, ...shown } = step;
  return { ...shown, startedAt: instantOrNull(startedAt), endedAt: instantOrNull(endedAt) };
}

function hostView(row: HostRow): HostView {
  return {
    name: row.host,
    delegate: row.delegate,
    status: row.status,
    changed: row.changed,
    exitCode: row.exitCode,
    durationMs: row.durationMs,
    error: row.error,
  };
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function instantOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : instant(epochMs);
}
