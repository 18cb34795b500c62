import { windowTimes } from '../workflows/domain/window';
import type { WindowTimes } from '../workflows/domain/window';
import type { JournalPayloads } from '../workflows/domain/journal';
import type { RunOutcome, RunState } from '../workflows/domain/step-status';
import type { ChangeRow } from '../platform/store/change-row';
import type { Store, TaskRow } from '../platform/store/store';
import { changeTimeline, toldKinds } from './change-timeline';
import type { TimelineEntry } from './change-timeline';
import { namesOf } from './journaled';
import { streamOf } from '../workflows/domain/streams';

/** A change as screens show it, from the journal and its folds alone. */
export interface ChangeView extends ChangeRow {
  readonly items: readonly string[];
  /** When work must stop, somebody is asked, and the back-out starts; null before it was planned. */
  readonly times: WindowTimes | null;
  readonly tasks: readonly TaskRow[];
  readonly run: ChangeRunView | null;
  /** How people call the other changes that conflicts name. */
  readonly names: { readonly [id: string]: string };
  /** The newest thousand. */
  readonly timeline: readonly TimelineEntry[];
}

export interface ChangeRunView {
  readonly id: string;
  readonly number: number;
  readonly state: RunState;
  readonly outcome: RunOutcome | null;
  readonly degraded: boolean;
  readonly waves: readonly WaveView[];
  /** Of the run itself: steps that failed, hosts of which nobody knows. */
  readonly tasks: readonly TaskRow[];
}

export interface WaveView {
  readonly path: string;
  readonly wave: number;
  readonly hosts: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Null while it runs. */
  readonly failed: number | null;
}

const mostTold = 1_000;

export async function readChangeView(store: Store, row: ChangeRow): Promise<ChangeView> {
  const [items, tasks, run, entries] = await Promise.all([
    store.changes.items(row.id),
    store.views.tasks({ runId: row.id }),
    row.runId === null ? null : readRun(store, row.runId),
    store.journal.read(streamOf(row.id), { kinds: toldKinds }),
  ]);
  const names = await namesOf(store, othersIn(row.conflicts?.conflicts));
  return { ...row, items, times: timesOf(row), tasks, run, names, timeline: changeTimeline(entries).slice(-mostTold) };
}

function othersIn(conflicts: unknown): readonly string[] {
  if (!Array.isArray(conflicts)) return [];
  return conflicts.flatMap((conflict: unknown) => {
    const other: unknown = typeof conflict === 'object' && conflict !== null ? Reflect.get(conflict, 'change') : null;
    return typeof other === 'string' ? [other] : [];
  });
}

function timesOf({ window, plan }: ChangeRow): WindowTimes | null {
  if (window === null || plan?.work === undefined) return null;
  return windowTimes(window, plan.work.backOutP95Ms);
}

async function readRun(store: Store, id: string): Promise<ChangeRunView | null> {
  const [row, tasks, entries] = await Promise.all([
    store.views.run(id),
    store.views.tasks({ runId: id, open: true }),
    store.journal.read(streamOf(id), { kinds: ['wave.started', 'wave.ended'] }),
  ]);
  if (row === null) return null;
  const { number, state, outcome, degraded } = row;
  const waves = new Map<string, WaveView>();
  for (const { kind, at, payload } of entries) {
    if (payload === null) continue;
    if (kind === 'wave.started') {
      const { path, wave, size }: JournalPayloads['wave.started'] = JSON.parse(payload);
      waves.set(`${path}#${wave}`, { path, wave, hosts: size, startedAt: at, endedAt: null, failed: null });
    } else {
      const { path, wave, failed }: JournalPayloads['wave.ended'] = JSON.parse(payload);
      const known = waves.get(`${path}#${wave}`);
      if (known !== undefined) waves.set(`${path}#${wave}`, { ...known, endedAt: at, failed });
    }
  }
  return { id, number, state, outcome, degraded, waves: [...waves.values()], tasks };
}
