import { joinPath } from '../../../workflows/domain/effect-path';
import { certain, estimateOf, sideBySide, stated } from '../../../workflows/domain/estimate';
import type { DurationHistory, Estimate } from '../../../workflows/domain/estimate';
import type { Value } from '../../../workflows/domain/value';
import type { Program, RolloutStep, Step, TaskStep } from '../../../workflows/runbook/plan';
import type { PlanWithBlobs, ShownHost } from '../hosts';

export interface EstimateSources {
  /** What runs of a definition took, by its name. */
  readonly historyOf: (definition: string) => DurationHistory;
  /** Hosts of one class are alike; `''` where nothing is said. */
  readonly classOf?: (host: string) => string;
  /** What nobody can tell is taken to last as long as it may. */
  readonly assume?: 'timeout';
}

export interface Place {
  readonly bundle: PlanWithBlobs;
  /** Of a target set, in order; read once. */
  readonly hosts: (set: string) => readonly ShownHost[];
  readonly sources: EstimateSources;
  readonly definition: string;
  /** Of the container. */
  readonly path: string;
  /** Of the hosts at hand: in a rollout's body. */
  readonly classes: readonly string[];
}

export const nothing = certain(0);
export const unknown: Estimate = { source: 'none' };

export function pathIn({ id }: Step, { path }: Place): string {
  return joinPath(path, id);
}

export function within(step: Step, place: Place): Place {
  return { ...place, path: pathIn(step, place) };
}

export function inside(step: RolloutStep, place: Place): Place {
  return { ...within(step, place), classes: classesOf(step.set, place) };
}

function classesOf(set: string, { hosts, sources }: Place): readonly string[] {
  const { classOf } = sources;
  return classOf === undefined ? [''] : [...new Set(hosts(set).map(({ name }) => classOf(name)))];
}

/** A program of its own is run as a run of its own: that is what its history is about. */
export function childOf({ definition }: Program, place: Place): Place {
  return { ...place, definition: definition.name, path: '', classes: [''] };
}

export function programSteps(program: Program): readonly Step[] {
  return [...program.steps, ...program.finally];
}

export function turnsOfTask({ where }: TaskStep, { bundle }: Place): number {
  if (where.on !== 'hosts') return 1;
  return Math.ceil((bundle.plan.targetSets[where.set]?.count ?? 0) / Math.max(1, where.parallel));
}

interface Known {
  readonly phase: 'do' | 'undo';
  readonly statedMs: number | null;
  readonly mostMs: number;
}

/** On hosts of several classes: the slowest of them. */
export function seen(step: TaskStep, place: Place, { phase, statedMs, mostMs }: Known): Estimate {
  const { sources, definition } = place;
  const history = sources.historyOf(definition);
  const classes = step.where.on === 'hosts' ? classesOf(step.where.set, place) : place.classes;
  const path = pathIn(step, place);
  const found = sideBySide(classes.map((hostClass) => estimateOf(history, { step: path, phase, hostClass }, statedMs)));
  return found.source === 'none' && sources.assume === 'timeout' ? stated(mostMs, 'timeout') : found;
}

export function itemsIn(list: Value): number | null {
  if ('list' in list) return list.list.length;
  return 'literal' in list && Array.isArray(list.literal) ? list.literal.length : null;
}
