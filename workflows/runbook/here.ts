import type { Failure } from '../domain/failure';
import type { Json } from '../domain/json';
import type { Effects } from '../effects';
import type { RunInput } from './messages';
import type { Step } from './plan';
import type { Frame, RunState } from './state';

/** What every part of the interpreter has at hand: the run, the effects of its own part, and where it stands. */
export interface Here {
  readonly input: RunInput;
  readonly state: RunState;
  readonly effects: Effects;
  /** Runs a sequence; a runner gets at it here so that steps may contain steps. */
  readonly runSteps: (steps: readonly Step[], here: Here) => Promise<Failure | null>;
  readonly runStep: (step: Step, here: Here) => Promise<Failure | null>;
  /** Path of the container. */
  readonly path: string;
  /** Key of the lexical scope. */
  readonly scope: string;
  /** What is already being undone, or runs finally, is neither registered for undo nor paused. */
  readonly cleanup: boolean;
  /** Names that only hold here: `error` in a rescue, `wave`, `event`, `run.outcome`. */
  readonly names: { readonly [name: string]: Json };
}

export function within(here: Here, change: Partial<Here>): Here {
  return { ...here, ...change };
}

/** A step as its runner sees it. */
export interface Opened {
  readonly path: string;
  readonly frame: Frame;
}
