import type { Here } from './here';
import type { RunbookStep, TaskStep } from './plan';
import type { BatchWork, UndoEntry } from './state';

/** R-ROLL-8, `language.md` section 6: what has changed is remembered in the order of happening, with just what undoing it needs. */
export function registerTask(
  step: TaskStep,
  about: { readonly path: string; readonly work: BatchWork },
  here: Here,
): void {
  const { work, path } = about;
  if (!isUndoable(step, here)) return;
  const touched = touchedBy(step, work);
  if (!touched.includes('1')) return;
  register(newEntry({ at: step.at, path, hosts: work.hosts, touched: { [step.at]: touched } }, here), here);
}

export function registerChild(
  step: RunbookStep,
  about: { readonly path: string; readonly childId: string },
  here: Here,
): void {
  if (!step.undoable || here.cleanup || here.input.check) return;
  const { path, childId } = about;
  if (here.state.undo.some((entry) => entry.childId === childId)) return;
  register(newEntry({ at: step.at, path, hosts: null, childId, touched: { [step.at]: '1' } }, here), here);
}

/** A rollout has one entry for its whole body; its groups mark in it what they have touched. */
export function rolloutEntry(about: Pick<UndoEntry, 'at' | 'path' | 'hosts' | 'generation'>, here: Here): UndoEntry {
  const known = here.state.undo.find(({ path }) => path === about.path);
  if (known !== undefined) return known;
  const entry = { ...newEntry({ ...about, touched: {} }, here), generation: about.generation };
  here.state.undo = [...here.state.undo, entry];
  return entry;
}

/** Whether anything was ever marked, taken back or not: a rollout has its entry from the start, and may have come to nothing. */
export function hasChanged({ touched }: UndoEntry): boolean {
  return Object.values(touched).some((flags) => flags !== '');
}

export function isUndoable(step: TaskStep, here: Here): boolean {
  return (
    step.undo !== undefined &&
    step.undo.kind !== 'none' &&
    step.operation.effect !== 'read' &&
    !here.cleanup &&
    !here.input.check
  );
}

/** `after: success`: changed and succeeded; `after: started`: also what failed, was cancelled or vanished. */
export function touchedBy(step: TaskStep, work: Pick<BatchWork, 'statuses' | 'changed'>): string {
  const alsoStarted = step.undo !== undefined && step.undo.kind !== 'none' && step.undo.after === 'started';
  let touched = '';
  for (const [position, code] of work.statuses.split('').entries()) {
    const changed = code === 's' && work.changed[position] === '1';
    touched += changed || (alsoStarted && 'fcu'.includes(code)) ? '1' : '0';
  }
  return touched;
}

export function mergeTouched(first: string, second: string): string {
  return second
    .split('')
    .map((flag, position) => (flag === '1' || first[position] === '1' ? '1' : '0'))
    .join('');
}

function newEntry(about: Pick<UndoEntry, 'at' | 'path' | 'hosts' | 'childId' | 'touched'>, here: Here): UndoEntry {
  const generation = here.state.floor;
  return {
    ...about,
    container: here.path,
    scope: here.scope,
    generation,
    batch: null,
    failed: {},
    order: null,
    gate: null,
  };
}

function register(entry: UndoEntry, here: Here): void {
  const { state } = here;
  const known = state.undo.find(({ path }) => path === entry.path);
  if (known === undefined || known.childId !== entry.childId) {
    state.undo = [...state.undo, entry];
    return;
  }
  for (const [at, touched] of Object.entries(entry.touched))
    known.touched[at] = mergeTouched(known.touched[at] ?? '', touched);
}
