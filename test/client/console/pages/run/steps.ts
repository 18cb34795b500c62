import type { StepDescription } from '../../../../../client/console/answers';
import type { ListedStep } from '../../../../../client/console/pages/run/step-tree';

export function described(id: string, parts: Partial<StepDescription> = {}): StepDescription {
  return {
    at: id,
    id,
    verb: 'exec',
    name: null,
    does: [],
    effect: null,
    as: null,
    where: null,
    condition: null,
    locks: [],
    undo: null,
    waves: [],
    gate: [],
    policy: null,
    asks: [],
    details: [],
    steps: [],
    ...parts,
  };
}

export function listed(path: string, parts: Partial<ListedStep> = {}): ListedStep {
  return {
    path,
    id: path,
    verb: 'exec',
    phase: 'do',
    position: 0,
    status: 'succeeded',
    attempts: 1,
    startedAt: '2026-11-21T09:00:00.000Z',
    endedAt: '2026-11-21T09:00:10.000Z',
    counts: null,
    ...parts,
  };
}
