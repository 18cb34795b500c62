import { joinPath, segment } from '../../../domain/effect-path';
import { evaluateExpression } from '../../../domain/expression';
import type { Failure } from '../../../domain/failure';
import type { Json } from '../../../domain/json';
import { textOf } from '../../../domain/render';
import type { Effects } from '../../../effects';
import { positionsOf, replaceAt } from '../../batch';
import type { Here, Opened } from '../../here';
import { within } from '../../here';
import { countsOf } from '../../journal';
import { freeLocksBelow } from '../../locks';
import type { ForEachStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { render, scopeOf } from '../../scope';
import type { LoopWork } from '../../state';
import { noteTolerated } from '../../tolerated';

/** `parallel` items at a time; no further one starts once more than `maxFailures` have failed. */
export async function runForEach(step: ForEachStep, opened: Opened, here: Here): Promise<StepEnd> {
  const { frame } = opened;
  if (frame.work?.kind !== 'loop') {
    const loop = await loopOf(step, here);
    if (!loop.ok) return here.input.check ? ended : failedEnd(loop.failure);
    frame.work = loop.work;
  }
  const loop = frame.work;
  const waiting = [...positionsOf(loop.statuses, '.'), ...positionsOf(loop.statuses, 'r')].sort((a, b) => a - b);
  const lanes = Math.min(step.parallel, waiting.length);
  async function lane(effects: Effects): Promise<null> {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      if (loop.statuses[index] === 'r' || !isSpent(loop, step))
        await runItem(step, { loop, index, path: opened.path }, within(here, { effects }));
    }
    return null;
  }
  await here.effects.all(Array.from({ length: lanes }, () => lane));
  return endOf(step, { loop, path: opened.path }, here);
}

function isSpent(loop: LoopWork, step: ForEachStep): boolean {
  return positionsOf(loop.statuses, 'f').length > step.maxFailures;
}

async function runItem(
  step: ForEachStep,
  about: { loop: LoopWork; index: number; path: string },
  here: Here,
): Promise<void> {
  const { loop, index } = about;
  const { state } = here;
  const path = itemPath(about.path, loop, index);
  const names = { [step.as]: loop.items[index] ?? null, index };
  state.scopes[path] ??= { parent: here.scope, names, records: {} };
  loop.statuses = replaceAt(loop.statuses, [index], 'r');
  const failure = await here.runSteps(step.steps, within(here, { path, scope: path }));
  loop.statuses = replaceAt(loop.statuses, [index], failure === null ? 's' : 'f');
  if (failure !== null) loop.codes[index] = failure.code;
  if (failure === null) forgetItem(path, here);
  // An item that comes later may need what this one held.
  if (!isSpent(loop, step)) await freeLocksBelow(path, here);
}

function itemPath(path: string, { keys }: LoopWork, index: number): string {
  return joinPath(path, segment('item', keys[index] ?? index));
}

/** The records of an item are only needed again by an undo that is read in its scope. */
function forgetItem(path: string, { state }: Here): void {
  delete state.cursors[path];
  if (!state.undo.some(({ scope }) => scope === path || scope.startsWith(`${path}/`))) delete state.scopes[path];
}

function endOf(step: ForEachStep, { loop, path }: { loop: LoopWork; path: string }, here: Here): StepEnd {
  const failed = positionsOf(loop.statuses, 'f');
  const fields = { counts: { ...countsOf(loop.statuses) }, failedItems: failed.map((index) => loop.keys[index] ?? '') };
  if (failed.length > step.maxFailures) {
    const message = `Cannot finish the loop: ${failed.length} of ${loop.keys.length} items failed, tolerated are ${step.maxFailures}`;
    return failedEnd({ code: 'LOOP_FAILED', message }, fields);
  }
  if (failed.length > 0) {
    const exceptions = failed.map((index) => `${itemPath(path, loop, index)}: ${loop.codes[index] ?? ''}`);
    noteTolerated(path, exceptions, here.state);
  }
  return { ...ended, changed: true, fields };
}

type LoopOrFailure = { readonly ok: true; readonly work: LoopWork } | { readonly ok: false; readonly failure: Failure };

/** Evaluated once: what is gone over does not change while the loop runs. */
async function loopOf(step: ForEachStep, here: Here): Promise<LoopOrFailure> {
  const list = await render(step.in, step.reads, here);
  if (!list.ok) return list;
  if (!Array.isArray(list.value)) return refuse('LOOP_INVALID', 'the value of "in" is not a list');
  const items: readonly Json[] = list.value;
  const keys: string[] = [];
  for (const [index, item] of items.entries()) {
    const key = keyOf(step, { item, index }, here);
    if (key === null) return refuse('LOOP_INVALID', `item ${index} has no key`);
    if (keys.includes(key)) return refuse('DUPLICATE_KEY', `two items have the key "${key}"`);
    keys.push(key);
  }
  return { ok: true, work: { kind: 'loop', keys, items, statuses: '.'.repeat(items.length), codes: {} } };
}

function keyOf(step: ForEachStep, { item, index }: { item: Json; index: number }, here: Here): string | null {
  if (step.key === undefined) return String(index);
  const scope = { ...scopeOf(step.reads, here), [step.as]: item, index };
  const key = evaluateExpression(step.key, scope);
  return key.ok ? textOf(key.value) : null;
}

function refuse(code: string, why: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message: `Cannot run the loop: ${why}` } };
}
