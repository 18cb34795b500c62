import { joinPath, segment } from '../domain/effect-path';
import type { Failure } from '../domain/failure';
import { replaceAt } from './batch';
import type { ForEachStep, ParallelStep, RolloutStep, Step } from './plan';
import type { Frame, RunState, Work } from './state';
import { chainTo } from './step-chain';
import type { Chain } from './step-chain';
import { bodyOf } from './steps/rollout/body';
import { forgetTolerated } from './tolerated';

/**
 * `resume --from STEP`: the named step and all that follows it run again, at any depth. What has targets goes there only with those
 * that failed or were cut off: items of a loop, hosts of a rollout or of a list. Whatever was not named stays where it stands.
 *
 * `from` is an id of the runbook, or the path of a step as it is shown; an `item:` in a path chooses that item.
 */
export function goTo(state: RunState, from: string, steps: readonly Step[]): Failure | null {
  const wanted = from.split('/').filter((part) => !part.includes(':'));
  const chain = chainTo(steps, wanted);
  if (chain === null)
    return refusal(from, 'the runbook has no such step, or it is part of a rescue, an undo or `finally`');
  const places = new Places(state, from);
  const why = places.walk(chain, '', { isSequence: true, wasPassed: false });
  return why === null ? null : refusal(from, why);
}

function refusal(from: string, why: string): Failure {
  return { code: 'RESUME_REFUSED', message: `Cannot resume from "${from}": ${why}` };
}

/** How a step stands in its container, and whether the run was past that before. */
interface Within {
  readonly isSequence: boolean;
  readonly wasPassed: boolean;
}

/** Changes the state on the way down; whoever gets a reason back throws it away. */
class Places {
  readonly #items: readonly string[];

  constructor(
    private readonly state: RunState,
    from: string,
  ) {
    this.#items = from.split('/').filter((part) => part.startsWith('item:'));
  }

  walk(chain: Chain, path: string, within: Within): string | null {
    const [link, ...rest] = chain;
    if (link === undefined) return null;
    const { step, index } = link;
    const cursor = within.isSequence ? this.state.cursors[path] : undefined;
    const wasPassed = within.wasPassed || (cursor !== undefined && cursor > index);
    if (within.isSequence) this.state.cursors[path] = index;
    const own = joinPath(path, step.id);
    if (rest.length === 0) return this.#beginAt(step, own);
    return this.#into(step, own, { rest, wasPassed });
  }

  #into(step: Step, path: string, { rest, wasPassed }: { rest: Chain; wasPassed: boolean }): string | null {
    switch (step.kind) {
      case 'group':
        return this.walk(rest, path, { isSequence: true, wasPassed });
      case 'parallel':
        this.#openBranch(step, path, { index: rest[0]?.index ?? 0, wasPassed });
        return this.walk(rest, path, { isSequence: false, wasPassed });
      case 'switch':
        return this.#openCase(path, rest[0]?.chosen ?? '') ?? this.walk(rest, path, { isSequence: true, wasPassed });
      case 'forEach':
        return this.#openItems(step, path, (item) => this.walk(rest, item, { isSequence: true, wasPassed: false }));
      case 'rollout':
        return this.#openBody(step, path, rest.at(-1)?.step ?? step);
      case 'runbook':
        return this.#openChild(step.id, path, rest);
      case 'task':
      case 'approval':
      case 'manual':
      case 'wait':
      case 'assert':
      case 'set':
        return `"${step.id}" holds no steps`;
    }
  }

  /** The named step itself. What has targets keeps those that are done; anything else begins anew. */
  #beginAt(step: Step, path: string): string | null {
    const { work } = this.state.frames[path] ?? {};
    if (step.kind === 'forEach' && work?.kind === 'loop')
      return this.#openItems(step, path, (item) => {
        this.#forgetBelow(item);
        return null;
      });
    if (step.kind === 'rollout' && work?.kind === 'rollout' && !work.backedOut) return this.#openBody(step, path, step);
    if (work?.kind === 'batch') return null;
    this.#forgetBelow(path);
    return null;
  }

  /** The branches that had ended stay so, unless nobody has been there yet. */
  #openBranch(step: ParallelStep, path: string, { index, wasPassed }: { index: number; wasPassed: boolean }): void {
    const frame = this.#frameAt(path);
    const known =
      frame.work?.kind === 'branches' ? frame.work.done : (wasPassed ? 's' : '.').repeat(step.branches.length);
    frame.work = { kind: 'branches', done: replaceAt(known, [index], '.') };
  }

  #openCase(path: string, chosen: string): string | null {
    const frame = this.#frameAt(path);
    if (frame.work?.kind === 'case' && frame.work.chosen !== chosen)
      return `the run took the case "${frame.work.chosen}"`;
    frame.work = { kind: 'case', chosen };
    return null;
  }

  #openItems(step: ForEachStep, path: string, enter: (item: string) => string | null): string | null {
    const loop = this.#workAt(path, 'loop');
    const items = (loop?.keys ?? [])
      .filter((_, index) => 'fr'.includes(loop?.statuses[index] ?? '.'))
      .map((key) => segment('item', key));
    const named = items.filter((item) => this.#items.includes(item));
    if (items.length === 0) return `no item of "${step.id}" has failed; name the loop itself to run all of it`;
    for (const item of named.length === 0 ? items : named) {
      const why = enter(joinPath(path, item));
      if (why !== null) return why;
    }
    return null;
  }

  #openBody(rollout: RolloutStep, path: string, named: Step): string | null {
    const work = this.#workAt(path, 'rollout');
    if (work === null || work.backedOut)
      return `no host of "${rollout.id}" has failed; name the rollout itself to run all of it`;
    work.from = bodyOf(rollout.steps).orderOf.get(named.at) ?? 0;
    return null;
  }

  #openChild(id: string, path: string, rest: Chain): string | null {
    const frame = this.state.frames[path];
    if (frame?.work?.kind !== 'child')
      return `the run of "${id}" has not failed; name the step itself to run all of it`;
    frame.work = { ...frame.work, from: [...rest.map(({ step }) => step.id), ...this.#items].join('/') };
    return null;
  }

  #workAt<K extends Work['kind']>(path: string, kind: K): Extract<Work, { readonly kind: K }> | null {
    const work = this.state.frames[path]?.work;
    return work !== undefined && work !== null && isWork(work, kind) ? work : null;
  }

  #frameAt(path: string): Frame {
    const { floor, passStartedAt } = this.state;
    return (this.state.frames[path] ??= {
      generation: floor,
      startedAt: passStartedAt,
      attempts: 1,
      stage: 'new',
      status: null,
      error: null,
      refused: false,
      work: null,
    });
  }

  #forgetBelow(path: string): void {
    const { frames, cursors, scopes, undo } = this.state;
    const isBelow = (key: string): boolean => key === path || key.startsWith(`${path}/`);
    forgetTolerated(this.state, isBelow);
    for (const table of [frames, cursors]) for (const key of Object.keys(table)) if (isBelow(key)) delete table[key];
    for (const key of Object.keys(scopes))
      if (key !== path && isBelow(key) && !undo.some(({ scope }) => scope === key || scope.startsWith(`${key}/`)))
        delete scopes[key];
  }
}

function isWork<K extends Work['kind']>(work: Work, kind: K): work is Extract<Work, { readonly kind: K }> {
  return work.kind === kind;
}
