import type { HostCell } from '../../answers';
import type { StepStatus } from '../../state-words';
import { nameOf } from './step-tree';

/** One host on the grid: the worst of what it came to, and every row behind it. */
export interface GridHost {
  readonly host: string;
  readonly status: StepStatus;
  readonly changed: boolean;
  readonly cells: readonly HostCell[];
}

export interface Grid {
  /** Those that the filter lets through. */
  readonly hosts: readonly GridHost[];
  /** Of all of them. */
  readonly counts: ReadonlyMap<StepStatus, number>;
}

export interface GridFilter {
  /** As in the plan; null: over all steps. */
  readonly step: string | null;
  readonly status: string;
  readonly text: string;
}

/** What an operator must see first stands for the host. */
const severity: { readonly [K in StepStatus]: number } = {
  unknown: 7,
  failed: 6,
  running: 5,
  cancelled: 4,
  undone: 3,
  succeeded: 2,
  skipped: 1,
  pending: 0,
};

/** `web2` comes before `web10`. */
const byName = new Intl.Collator('en', { numeric: true });

export function gridOf(cells: readonly HostCell[], { step, status, text }: GridFilter): Grid {
  const byHost = new Map<string, HostCell[]>();
  for (const cell of cells) {
    if (step !== null && !isPartOf(nameOf(cell.step), step)) continue;
    const known = byHost.get(cell.host);
    if (known === undefined) byHost.set(cell.host, [cell]);
    else known.push(cell);
  }
  const all = [...byHost]
    .map(([host, own]): GridHost => gridHost(host, own))
    .toSorted((one, other) => byName.compare(one.host, other.host));
  const counts = new Map<StepStatus, number>();
  for (const { status: found } of all) counts.set(found, (counts.get(found) ?? 0) + 1);
  const wanted = text.toLowerCase();
  const hosts = all.filter(
    (host) => (status === '' || host.status === status) && host.host.toLowerCase().includes(wanted),
  );
  return { hosts, counts };
}

function isPartOf(name: string, step: string): boolean {
  return name === step || name.startsWith(`${step}/`);
}

function gridHost(host: string, cells: readonly HostCell[]): GridHost {
  const status = cells.reduce<StepStatus>(
    (worst, cell) => (severity[cell.status] > severity[worst] ? cell.status : worst),
    'pending',
  );
  return { host, status, changed: cells.some(({ changed }) => changed === true), cells };
}

/** Where an arrow leads on a grid of so many columns; at the edge it stays. */
export function moved(index: number, key: string, { columns, count }: { columns: number; count: number }): number {
  const targets: { readonly [key: string]: number } = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key] ?? index;
  return target < 0 || target >= count ? index : target;
}

/** Few hosts have room for their names. */
const namedAtMost = 120;
const namedWidth = 168;
const bareWidth = 22;

export function cellWidth(count: number): number {
  return count <= namedAtMost ? namedWidth : bareWidth;
}
