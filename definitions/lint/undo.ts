import type { Catalogue } from '../../activities/connector';
import type { EffectClass } from '../../workflows/domain/effect-class';
import type { RunbookStep } from '../../workflows/runbook/steps/runbook/schema';
import type { ExecStep, RunStep, UsesStep } from '../../workflows/runbook/steps/task/schema';
import type { LoadedRunbook } from '../document';
import type { Problem } from '../problems';
import { atKey, atValue, stepName } from './note';
import { operationOf } from './places';
import type { StepSite } from './step-sites';

/** What must be undoable is; what cannot be says so. */
export function lintUndo(
  document: LoadedRunbook,
  sites: readonly StepSite[],
  catalogue: Catalogue | undefined,
): Problem[] {
  const noReturn = sites.findIndex((site) => 'pointOfNoReturn' in site.step && site.step.pointOfNoReturn !== undefined);
  return sites.flatMap((site, index) => {
    const { step } = site;
    const late = noReturn >= 0 && index > noReturn;
    if (step.verb === 'runbook' && late) return childAfterNoReturn(document, site, step);
    if (step.verb !== 'exec' && step.verb !== 'run' && step.verb !== 'uses') return [];
    const task: TaskSite = {
      document,
      site,
      step,
      effect: effectOf(step, catalogue),
      late,
    };
    return [
      ...missingUndo(task),
      ...undoAfterNoReturn(task),
      ...pollProblems(task),
      ...inverseProblems(task, catalogue),
    ];
  });
}

interface TaskSite {
  readonly document: LoadedRunbook;
  readonly site: StepSite;
  readonly step: ExecStep | RunStep | UsesStep;
  /** Null where only the compiler can know. */
  readonly effect: EffectClass | null;
  /** Stands after a point of no return. */
  readonly late: boolean;
}

function effectOf(step: ExecStep | RunStep | UsesStep, catalogue: Catalogue | undefined): EffectClass | null {
  if (step.effect !== undefined) return step.effect;
  if (step.verb !== 'uses') return 'journaled';
  const effect = operationOf(catalogue, step.uses)?.effect;
  return typeof effect === 'function' ? effect(step.with ?? {}) : (effect ?? null);
}

function missingUndo({ document, site, step, effect, late }: TaskSite): Problem[] {
  if (
    !site.undoable ||
    late ||
    site.role !== 'steps' ||
    effect === 'read' ||
    effect === null ||
    step.undo !== undefined
  )
    return [];
  const message = `Cannot undo ${stepName(step)}: it changes something, a failure undoes it, and it has no "undo"`;
  return [
    atValue(document, site.path, { code: 'UNDO_MISSING', message, accepted: ['undo', 'undo: none', 'effect: read'] }),
  ];
}

function undoAfterNoReturn({ document, site, step, effect, late }: TaskSite): Problem[] {
  if (!late || site.role !== 'steps' || effect === 'read' || effect === null || step.undo === 'none') return [];
  const message = `Cannot leave ${stepName(step)} to an automatic undo: it stands after a point of no return`;
  const path = step.undo === undefined ? site.path : [...site.path, 'undo'];
  return [atValue(document, path, { code: 'UNDO_AFTER_NO_RETURN', message, accepted: ['undo: none'] })];
}

/** R-ROLL-9: a child run is undone by its own undo, unless the step says that it is not. */
function childAfterNoReturn(document: LoadedRunbook, { path, role }: StepSite, step: RunbookStep): Problem[] {
  if (role !== 'steps' || step.undo === 'none') return [];
  const message = `Cannot leave ${stepName(step)} to an automatic undo: it stands after a point of no return`;
  return [atValue(document, path, { code: 'UNDO_AFTER_NO_RETURN', message, accepted: ['undo: none'] })];
}

function pollProblems({ document, site, step, effect }: TaskSite): Problem[] {
  if (step.poll === undefined || effect === 'read' || effect === null) return [];
  const message = `Cannot poll ${stepName(step)}: its effect is "${effect}"`;
  return [
    atKey(document, [...site.path, 'poll'], {
      code: 'POLL_NEEDS_READ',
      message,
      found: effect,
      accepted: ['effect: read'],
    }),
  ];
}

function inverseProblems({ document, site, step }: TaskSite, catalogue: Catalogue | undefined): Problem[] {
  if (step.undo !== 'restore') return [];
  const operation = step.verb === 'uses' ? operationOf(catalogue, step.uses) : null;
  const known = step.verb !== 'uses' || operation !== null;
  if (!known || operation?.inverse !== undefined) return [];
  const message = `Cannot restore what ${stepName(step)} did: "${step.verb === 'uses' ? step.uses : step.verb}" declares no inverse`;
  return [atValue(document, [...site.path, 'undo'], { code: 'UNDO_WITHOUT_INVERSE', message })];
}
