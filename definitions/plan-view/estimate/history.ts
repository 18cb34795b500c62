import { durationHistory } from '../../../workflows/domain/estimate';
import type { DurationHistory } from '../../../workflows/domain/estimate';
import type { Program } from '../../../workflows/runbook/plan';
import { allSteps } from '../../../workflows/runbook/program';

/** How long a step took on one host, once. */
export interface HostDuration {
  readonly step: string;
  readonly phase: 'do' | 'undo';
  readonly host: string;
  readonly durationMs: number;
}

/** Whose earlier runs a plan is estimated by: its own definition, and those that it starts runs of. */
export function definitionsIn(program: Program): readonly string[] {
  const names = new Set([program.definition.name]);
  for (const step of allSteps([...program.steps, ...program.finally]))
    if (step.kind === 'runbook') for (const name of definitionsIn(step.program)) names.add(name);
  return [...names];
}

export function historyOf(
  durations: ReadonlyMap<string, readonly HostDuration[]>,
  classOf: (host: string) => string = () => '',
): (definition: string) => DurationHistory {
  const histories = new Map(
    [...durations].map(([definition, samples]) => {
      const classed = samples.map(({ host, ...sample }) => ({
        ...sample,
        hostClass: host === '' ? '' : classOf(host),
      }));
      return [definition, durationHistory(classed)];
    }),
  );
  return (definition) => histories.get(definition) ?? new Map();
}
