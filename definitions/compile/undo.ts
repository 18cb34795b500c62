import type { EffectClass } from '../../workflows/domain/effect-class';
import type { UndoPlan, Where } from '../../workflows/runbook/plan';
import type { Undo } from '../../workflows/runbook/steps/task/schema';
import { planMs } from './fields';
import { compileCall, compileCapture, findOperation, inheritConnection, operationName } from './operations';
import type { Call } from './operations';
import { below, fresh, placed, report, withNames, withScope } from './site';
import type { Site } from './site';
import type { StepContext } from './step-context';
import { recordFields } from './records';
import { undoSuffix } from './target-sets';
import { compileWhere, hostSet, targetsOf } from './where';
import type { AuthoredTask } from './where';

interface Undone {
  readonly at: string;
  readonly where: Where;
  readonly set: string | null;
}

/**
 * What takes a step back. It inherits targets, delegate, as, env, timeout, connection, shell, cwd and effect from the step, which
 * stand in `context.defaults` already, and `pass` where its verb is the same.
 */
export function compileUndo(context: StepContext, authored: AuthoredTask, undone: Undone): UndoPlan | null {
  const { undo } = authored;
  if (undo === undefined) return null;
  if (undo === 'none') return { kind: 'none' };
  const site = undoSite(below(context.site, 'undo'), context.id, authored);
  if (undo === 'restore') return compileRestore({ ...context, site }, authored, undone);
  const after = undo.after ?? 'success';
  const estimateMs = undo.estimate === undefined ? undefined : planMs(below(site, 'estimate'), undo.estimate);
  const estimate = estimateMs === undefined ? {} : { estimateMs };
  if (undo.verb !== 'steps')
    return compileUndoCall({ ...context, site }, { undo, authored, undone }, { after, ...estimate });
  const compiled = site.unit.session.compilers.steps(below(site, 'steps'), undo.steps, {
    defaults: context.defaults,
    parent: `${undone.at}${undoSuffix}`,
  });
  return { kind: 'steps', after, steps: compiled.steps, ...estimate };
}

/** Undo sees what ran before it, and the step itself. */
function undoSite(site: Site, id: string, authored: AuthoredTask): Site {
  const self = {
    inBody: site.scope.body !== null,
    fields: recordFields(authored.verb === 'uses' ? 'operation' : 'command'),
    secret: compileCapture(authored).format === 'secret',
  };
  return fresh(withNames(withScope(site, { steps: new Map([...site.scope.steps, [id, self]]) }), 'result'));
}

type UndoCall = Exclude<Undo, string | { readonly verb: 'steps' }>;

interface Timing {
  readonly after: 'success' | 'started';
  readonly estimateMs?: number;
}

function compileUndoCall(
  { site, defaults }: StepContext,
  { undo, authored, undone }: { readonly undo: UndoCall; readonly authored: AuthoredTask; readonly undone: Undone },
  timing: Timing,
): UndoPlan | null {
  const at = `${undone.at}${undoSuffix}`;
  const where = undoWhere(site, undo, { authored, undone, at });
  if (where === null) return null;
  const pass =
    authored.verb === undo.verb && authored.pass !== undefined
      ? { pass: { ...placed(site, authored.pass), path: [...site.path.slice(0, -1), 'pass'] } }
      : {};
  const effect: { readonly effect?: EffectClass } = authored.effect === undefined ? {} : { effect: authored.effect };
  const call = compileCall(site, inheritConnection(undo, authored), {
    at,
    set: hostSet(site, where),
    defaults,
    ...pass,
    ...effect,
  });
  return call === null
    ? null
    : { kind: 'operation', ...timing, at, operation: call.operation, where, reads: site.reads.result() };
}

function undoWhere(
  site: Site,
  undo: UndoCall,
  context: { readonly authored: AuthoredTask; readonly undone: Undone; readonly at: string },
): Where | null {
  const { authored, undone, at } = context;
  if (undo.targets === undefined && undo.delegate === undefined && sameWorld(site, undo, authored)) return undone.where;
  const targets = targetsOf(undo.targets === undefined ? authored : undo, { env: {} }, site);
  return compileWhere(site, undo, { at, targets });
}

/** Both on hosts, or both on the worker. */
function sameWorld(site: Site, undo: Call, authored: Call): boolean {
  const [first, second] = [undo, authored].map((call) => findOperation(site, operationName(call))?.on);
  return first === second;
}

function compileRestore({ site, defaults }: StepContext, authored: AuthoredTask, undone: Undone): UndoPlan | null {
  const name = operationName(authored);
  const inverse = findOperation(site, name)?.inverse;
  if (inverse === undefined || authored.verb !== 'uses') {
    report(site, {
      code: 'UNDO_WITHOUT_INVERSE',
      message: `Cannot restore what ${name} did: it declares no inverse`,
      found: 'restore',
    });
    return null;
  }
  const uses = `${name.split('.')[0] ?? ''}.${inverse}`;
  const at = `${undone.at}${undoSuffix}`;
  const base = { ...site, path: site.path.slice(0, -1) };
  const { with: fields } = authored;
  const call = compileCall(
    base,
    { verb: 'uses', uses, ...(fields === undefined ? {} : { with: fields }) },
    { at, set: undone.set, defaults },
  );
  return call === null
    ? null
    : {
        kind: 'operation',
        after: 'success',
        at,
        operation: call.operation,
        where: undone.where,
        reads: site.reads.result(),
      };
}
