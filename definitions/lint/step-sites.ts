import type { Defaults } from '../../workflows/runbook/fields/schema';
import type { Runbook } from '../../workflows/runbook/schema';
import type { Step, Steps } from '../../workflows/runbook/steps/schema';
import type { Metric, Probe, Undo } from '../../workflows/runbook/steps/task/schema';
import type { DocumentPath } from '../problems';

/** Where a list of steps stands: it decides which rules hold for its steps. */
export type Role = 'steps' | 'rescue' | 'finally' | 'undo';

export interface StepSite {
  readonly step: Step;
  readonly path: DocumentPath;
  readonly role: Role;
  /** In the body of a rollout, or of a runbook that is inlined there. */
  readonly inBody: boolean;
  /** Some `defaults` around it, or the step that it undoes, gives targets. */
  readonly hasTargets: boolean;
  /** A failure would undo it without asking. */
  readonly undoable: boolean;
  /** Locks that are held where it begins, as far as their names are written out. */
  readonly held: readonly string[];
}

/** A call that stands in a step's place but is none: it has a verb and a path, and no steps of its own. */
export interface CallSite {
  readonly call: Metric | Probe | Exclude<Undo, string>;
  readonly path: DocumentPath;
  readonly hasTargets: boolean;
  readonly inBody: boolean;
}

/** Every step of a runbook in reading order, those of undo, rescue and finally included. */
export function stepSites(runbook: Runbook): StepSite[] {
  const around: Around = {
    role: 'steps',
    inBody: runbook.scope === 'host',
    hasTargets: runbook.defaults?.targets !== undefined,
    undoable: runbook.onFailure === 'undo',
    held: plainLocks(runbook),
  };
  const last: Around = { ...around, role: 'finally', undoable: false };
  return [
    ...sitesOf(runbook.steps, ['spec', 'steps'], around),
    ...sitesOf(runbook.finally ?? [], ['spec', 'finally'], last),
  ];
}

/** Undo, probe and gate metrics of one step. */
export function callSites(site: StepSite): CallSite[] {
  const { step, path, inBody } = site;
  if (step.verb === 'rollout') return gateCalls(site);
  if (step.verb !== 'exec' && step.verb !== 'run' && step.verb !== 'uses') return [];
  const hasTargets = site.hasTargets || step.targets !== undefined;
  const calls: CallSite[] = [];
  if (step.probe !== undefined) calls.push({ call: step.probe, path: [...path, 'probe'], hasTargets, inBody });
  if (typeof step.undo === 'object') calls.push({ call: step.undo, path: [...path, 'undo'], hasTargets, inBody });
  return calls;
}

function gateCalls(site: StepSite): CallSite[] {
  if (site.step.verb !== 'rollout') return [];
  const { gate = [], undoGate = [] } = site.step.rollout;
  const placed = (metrics: readonly Metric[], key: string): CallSite[] =>
    metrics.map((call, index) => ({
      call,
      path: [...site.path, 'rollout', key, index],
      hasTargets: site.hasTargets || call.targets !== undefined,
      inBody: false,
    }));
  return [...placed(gate, 'gate'), ...placed(undoGate, 'undoGate')];
}

interface Around {
  readonly role: Role;
  readonly inBody: boolean;
  readonly hasTargets: boolean;
  readonly undoable: boolean;
  readonly held: readonly string[];
}

function sitesOf(steps: Steps, path: DocumentPath, around: Around): StepSite[] {
  return steps.flatMap((step, index) => {
    const site: StepSite = { step, path: [...path, index], ...around };
    return [site, ...innerLists(site).flatMap((list) => sitesOf(list.steps, list.path, list.around))];
  });
}

interface StepList {
  readonly steps: Steps;
  readonly path: DocumentPath;
  readonly around: Around;
}

function innerLists(site: StepSite): StepList[] {
  const { step, path } = site;
  const around: Around = {
    role: site.role,
    inBody: site.inBody,
    hasTargets: site.hasTargets,
    undoable: site.undoable,
    held: [...site.held, ...plainLocks(step)],
  };
  const rescue: Around = { ...around, role: 'rescue', undoable: false };
  return [
    ...ownLists(step, path, around),
    ...(step.rescue === undefined ? [] : [{ steps: step.rescue, path: [...path, 'rescue'], around: rescue }]),
    ...undoLists(site, around),
  ];
}

function ownLists(step: Step, path: DocumentPath, around: Around): StepList[] {
  switch (step.verb) {
    case 'parallel':
      return [{ steps: step.parallel, path: [...path, 'parallel'], around }];
    case 'forEach':
      return [{ steps: step.steps, path: [...path, 'steps'], around }];
    case 'switch':
      return [
        ...Object.entries(step.cases).map(([name, steps]) => ({ steps, path: [...path, 'cases', name], around })),
        ...(step.default === undefined ? [] : [{ steps: step.default, path: [...path, 'default'], around }]),
      ];
    case 'steps':
      return [{ steps: step.steps, path: [...path, 'steps'], around: withDefaults(around, step.defaults) }];
    case 'rollout': {
      const undoable = around.undoable || step.rollout.onFailure === 'undo' || step.rollout.onHostFailure === 'undo';
      return [
        {
          steps: step.steps,
          path: [...path, 'steps'],
          around: { ...withDefaults(around, step.defaults), inBody: true, undoable },
        },
      ];
    }
    case 'exec':
    case 'run':
    case 'uses':
    case 'approval':
    case 'manual':
    case 'wait':
    case 'assert':
    case 'set':
    case 'runbook':
      return [];
  }
}

function undoLists(site: StepSite, around: Around): StepList[] {
  const { step, path } = site;
  if (step.verb !== 'exec' && step.verb !== 'run' && step.verb !== 'uses') return [];
  if (typeof step.undo !== 'object' || step.undo.verb !== 'steps') return [];
  const hasTargets = site.hasTargets || step.targets !== undefined;
  return [
    {
      steps: step.undo.steps,
      path: [...path, 'undo', 'steps'],
      around: { ...around, role: 'undo', hasTargets, undoable: false },
    },
  ];
}

/** Names without expressions: those of the others are known later. */
export function plainLocks(of: object): readonly string[] {
  const locks: readonly unknown[] = 'locks' in of && Array.isArray(of.locks) ? of.locks : [];
  return locks.filter((lock) => typeof lock === 'string' && !lock.includes('${{')).map(String);
}

function withDefaults(around: Around, defaults: Defaults | undefined): Around {
  return { ...around, hasTargets: around.hasTargets || defaults?.targets !== undefined };
}
