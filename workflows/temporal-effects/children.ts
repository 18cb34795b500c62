import { getExternalWorkflowHandle } from '@temporalio/workflow';

import type { Bound, ChildOutcome, ChildRun, Control, RunIdentity, RunInput } from '../runbook/messages';
import { messageNames, runbookWorkflowType, workflowIdOf } from '../runbook/messages';
import type { LocalActivities } from './activities';
import { startOnce } from './start-once';
import type { Stillness } from './stillness';
import type { Suspension } from './suspension';

interface ChildState {
  readonly run: RunIdentity;
  readonly ended: ChildOutcome | null;
  readonly stateDigest: string | null;
}

/** A report may be lost with the parent's worker; then this is how long nobody notices (D7). */
const recheckMs = 300_000;

/** Child runs that this run waits for. They live on their own: only their ids are the parent's. */
export class Children {
  readonly #reported = new Map<string, ChildOutcome>();
  /** State that a child had ended with before it was told to go on: the store may not know better yet. */
  readonly #before = new Map<string, string | null>();

  /** Those that can be told something. */
  readonly #started = new Set<string>();

  constructor(
    private readonly input: Bound,
    private readonly parts: {
      readonly suspension: Suspension;
      readonly local: LocalActivities;
      readonly stillness: Stillness;
    },
  ) {}

  /** The signal `childEnded`. */
  report(outcome: ChildOutcome): void {
    this.#reported.set(outcome.childId, outcome);
  }

  async start(child: ChildRun): Promise<void> {
    const { run: parent } = this.input;
    const { planHash, planDigest } = child.plan ?? this.input;
    const state = await this.parts.local.ask<ChildState>('child.open', {
      parent,
      childId: child.childId,
      definition: child.program.definition,
      planHash,
      planDigest,
      inputs: child.inputs,
      at: this.parts.local.now(),
    });
    if (state.ended !== null && !isToGoOn(child, state)) {
      this.report(state.ended);
      return;
    }
    const isAgain = child.undo || child.again !== undefined;
    // A report from before would be taken for the end of what begins now.
    if (isAgain) this.#reported.delete(child.childId);
    this.#before.set(child.childId, child.again?.after ?? null);
    const input = this.#inputOf(child, state);
    await startOnce({ type: runbookWorkflowType, id: input.run.id, input, again: isAgain });
    this.#started.add(child.childId);
  }

  /** Null: the run is about to continue as new; it will ask again. */
  async ended(childId: string): Promise<ChildOutcome | null> {
    for (;;) {
      const known = this.#reported.get(childId);
      if (known !== undefined) return known;
      if (this.parts.suspension.requested) return null;
      const isOver = (): boolean => this.#reported.has(childId) || this.parts.suspension.requested;
      await this.parts.stillness.until(isOver, recheckMs);
      if (isOver()) continue;
      const state = await this.parts.local.ask<ChildState | null>('child.state', this.input.run, childId);
      if (state?.ended && state.stateDigest !== this.#before.get(childId)) this.report(state.ended);
    }
  }

  /** An explicit message (D7). What the child has changed is left to the parent's own undo. */
  async cancel(childId: string): Promise<void> {
    const control: Control = {
      action: 'cancel',
      actor: 'engine',
      via: 'engine',
      id: `${this.input.run.id}/cancel`,
      keep: true,
      reason: `the run ${this.input.run.number} was cancelled`,
    };
    await this.tell(childId, control);
  }

  /** False: the run is about to continue as new before there is anybody to tell. */
  async started(childId: string): Promise<boolean> {
    const { suspension, stillness } = this.parts;
    await stillness.until(() => this.#started.has(childId) || suspension.requested);
    return !suspension.requested;
  }

  async tell(childId: string, control: Control): Promise<void> {
    try {
      await getExternalWorkflowHandle(workflowIdOf(childId)).signal(messageNames.control, control);
    } catch {
      // It has ended already: its report or the next check says how.
    }
  }

  #inputOf(child: ChildRun, state: ChildState): RunInput {
    const { check } = this.input;
    const { planHash, planDigest, targetCounts } = child.plan ?? this.input;
    const { program, inputs: lateInputs, steered, cutoffAt } = child;
    const { stateDigest } = state;
    const resume = child.again?.request ?? (child.undo ? { by: 'engine', undo: true } : undefined);
    return {
      run: state.run,
      planHash,
      planDigest,
      targetCounts,
      program,
      lateInputs,
      check,
      ...(steered === undefined ? {} : { steered }),
      ...(cutoffAt === undefined ? {} : { cutoffAt }),
      ...(resume === undefined || stateDigest === null ? {} : { stateDigest, resume }),
    };
  }
}

/** Whether it is still where it ended before; another state means that it went on, and has ended again. */
function isToGoOn({ undo, again }: ChildRun, { stateDigest }: ChildState): boolean {
  return again === undefined ? undo : again.after === null || again.after === stateDigest;
}
