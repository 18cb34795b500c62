import { flat } from './step-tree';
import type { TreeStep } from './step-tree';

export interface TimelineBar {
  /** From the start of the run. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TimelineRow {
  readonly path: string;
  readonly title: string;
  readonly depth: number;
  readonly status: TreeStep['ran'];
  /** By what earlier runs took; null: nothing is known. */
  readonly planned: TimelineBar | null;
  readonly actual: TimelineBar | null;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  readonly lengthMs: number;
}

/** How long a step took in earlier runs, by its name in the plan. */
export type Usual = ReadonlyMap<string, number>;

export interface TimelineFrame {
  readonly startMs: number;
  readonly nowMs: number;
  readonly usual: Usual;
}

/** Planned against actual: both from the start of the run. */
export function timelineOf(tree: readonly TreeStep[], { startMs, nowMs, usual }: TimelineFrame): Timeline {
  const planned = new Map<string, TimelineBar>();
  planSequence(tree, 0, { usual, planned });
  const rows = flat(tree).map((step): TimelineRow => ({
    path: step.path,
    title: step.isFinal ? `Finally: ${step.title}` : step.title,
    depth: step.path.split('/').length - (step.isFinal ? 2 : 1),
    status: step.ran,
    planned: planned.get(step.path) ?? null,
    actual: actualBar(step, startMs, nowMs),
  }));
  const ends = rows.flatMap(({ planned: one, actual }) => [one?.toMs ?? 0, actual?.toMs ?? 0]);
  return { rows, lengthMs: Math.max(1_000, ...ends) };
}

interface Planning {
  readonly usual: Usual;
  readonly planned: Map<string, TimelineBar>;
}

/** Answers when the last of them is over. */
function planSequence(steps: readonly TreeStep[], fromMs: number, planning: Planning): number {
  let atMs = fromMs;
  for (const step of steps) atMs = planStep(step, atMs, planning);
  return atMs;
}

function planStep(step: TreeStep, fromMs: number, planning: Planning): number {
  const own = planning.usual.get(step.path);
  const innerEndMs =
    step.order === 'parallel'
      ? Math.max(fromMs, ...step.steps.map((branch) => planStep(branch, fromMs, planning)))
      : planSequence(step.steps, fromMs, planning);
  const toMs = Math.max(innerEndMs, fromMs + (own ?? 0));
  if (toMs > fromMs) planning.planned.set(step.path, { fromMs, toMs });
  return toMs;
}

function actualBar({ ran }: TreeStep, startMs: number, nowMs: number): TimelineBar | null {
  if (ran === null || ran.startedAt === null) return null;
  const toMs = ran.endedAt === null ? nowMs : Date.parse(ran.endedAt);
  return { fromMs: Math.max(0, Date.parse(ran.startedAt) - startMs), toMs: Math.max(0, toMs - startMs) };
}

export interface TakenUnit {
  readonly path: string;
  readonly usuallyMs: number | null;
}

/** The waves of a rollout go one after another: a step takes as long as all of its parts, if each of them is known. */
export function usualDurations(units: readonly TakenUnit[]): Usual {
  const known = new Map<string, number>();
  const unknown = new Set(units.filter(({ usuallyMs }) => usuallyMs === null).map(({ path }) => path));
  for (const { path, usuallyMs } of units)
    if (usuallyMs !== null && !unknown.has(path)) known.set(path, (known.get(path) ?? 0) + usuallyMs);
  return known;
}
