import {
  ChildWorkflowCancellationType,
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import type { ChildOutcome, ChildRun, Control, RunIdentity, RunInput } from '../runbook/messages';
import { messageNames, runbookWorkflowType } from '../runbook/messages';
import type { LocalActivities } from './activities';
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

  constructor(
    private readonly input: RunInput,
    private readonly parts: { readonly suspension: Suspension; readonly local: LocalActivities },
  ) {}

  /** The signal `childEnded`. */
  report(outcome: ChildOutcome): void {
    this.#reported.set(outcome.childId, outcome);
  }

  async start(child: ChildRun): Promise<void> {
    const { planHash, planDigest, run: parent } = this.input;
    const state = await this.parts.local.ask<ChildState>('child.open', {
      parent,
      childId: child.childId,
      definition: child.program.definition,
      planHash,
      planDigest,
      inputs: child.inputs,
      at: Date.now(),
    });
    if (state.ended !== null && !child.undo) {
      this.report(state.ended);
      return;
    }
    // A report from before the undo would be taken for its end.
    if (child.undo) this.#reported.delete(child.childId);
    await startOnce(this.#inputOf(child, state), child.undo);
  }

  /** Null: the run is about to continue as new; it will ask again. */
  async ended(childId: string): Promise<ChildOutcome | null> {
    for (;;) {
      const known = this.#reported.get(childId);
      if (known !== undefined) return known;
      if (this.parts.suspension.requested) return null;
      await condition(() => this.#reported.has(childId) || this.parts.suspension.requested, recheckMs);
      if (this.#reported.has(childId) || this.parts.suspension.requested) continue;
      const state = await this.parts.local.ask<ChildState | null>('child.state', this.input.run, childId);
      if (state?.ended) this.report(state.ended);
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
    try {
      await getExternalWorkflowHandle(workflowIdOf(childId)).signal(messageNames.control, control);
    } catch {
      // It has ended already: its report or the next check says how.
    }
  }

  #inputOf(child: ChildRun, state: ChildState): RunInput {
    const { planHash, planDigest, targetCounts, check } = this.input;
    const { program, inputs: lateInputs } = child;
    const undoing = child.undo && state.stateDigest !== null;
    return {
      run: state.run,
      planHash,
      planDigest,
      targetCounts,
      program,
      lateInputs,
      check,
      ...(undoing ? { stateDigest: state.stateDigest, resume: { by: 'engine', undo: true } } : {}),
    };
  }
}

export function workflowIdOf(runId: string): string {
  return `run/${runId}`;
}

async function startOnce(input: RunInput, again: boolean): Promise<void> {
  try {
    await startChild(runbookWorkflowType, {
      workflowId: workflowIdOf(input.run.id),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      workflowIdReusePolicy: again ? WorkflowIdReusePolicy.ALLOW_DUPLICATE : WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    // Entered again: it is there from before.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
