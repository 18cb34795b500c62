import type { Phase } from '../domain/effect-path';
import type { Failure } from '../domain/failure';
import type { JsonObject } from '../domain/json';
import type { StepStatus } from '../domain/step-status';
import type { Here } from './here';
import type { Step } from './plan';

/** What a step's entries are about. A body step of a rollout has entries for each of its groups. */
export interface StepOccurrence {
  readonly step: Step;
  readonly path: string;
  readonly phase: Phase;
  readonly generation: number;
  readonly group: number | null;
}

export interface StepEnding {
  readonly status: StepStatus;
  readonly rescued: boolean;
  readonly attempts: number;
  readonly startedAt: number;
  readonly error: Failure | null;
  readonly counts: Counts | null;
  readonly digest: string | null;
  readonly outputs: JsonObject;
}

export interface Counts {
  readonly ok: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
}

export function recordStepStarted(here: Here, about: StepOccurrence, hostCount: number): void {
  const { step, ...rest } = about;
  const payload = { ...rest, id: step.id, verb: step.verb, hostCount };
  here.effects.record({ key: `${keyOf(about)}/step.started`, kind: 'step.started', payload });
}

export function recordStepEnded(here: Here, about: StepOccurrence, ending: StepEnding): void {
  const { step, ...rest } = about;
  const payload = { ...rest, id: step.id, verb: step.verb, ...ending };
  here.effects.record({ key: `${keyOf(about)}/step.ended`, kind: 'step.ended', payload });
}

function keyOf({ path, group, generation, phase }: StepOccurrence): string {
  return `${path}${group === null ? '' : `/group:${group}`}@${generation}/${phase}`;
}

export function countsOf(statuses: string): Counts {
  const counts = { ok: 0, failed: 0, skipped: 0, unknown: 0 };
  for (const code of statuses) {
    if (code === 's') counts.ok += 1;
    else if (code === 'f' || code === 'c' || code === 'b') counts.failed += 1;
    else if (code === 'u') counts.unknown += 1;
    else counts.skipped += 1;
  }
  return counts;
}
