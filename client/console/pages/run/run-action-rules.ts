import type { RunState, RunOutcome } from '../../../../workflows/domain/step-status';

export type RunAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'undo';

interface Standing {
  readonly state: RunState;
  readonly outcome: RunOutcome | null;
  readonly parent: string | null;
}

/**
 * Why an action makes no sense as the run stands, or null. The engine has the last word and says it in the same way; here
 * stands what anybody can see.
 */
export function actionRefusal(action: RunAction, { state, outcome, parent }: Standing): string | null {
  const isOver = state === 'closed';
  switch (action) {
    case 'pause':
      if (isOver) return 'It is over: there is nothing left to pause.';
      return state === 'paused' ? 'It is paused already.' : null;
    case 'resume':
      if (isOver) return 'It is over: Retry goes on from where it ended.';
      return state === 'paused' ? null : 'It is not paused.';
    case 'cancel':
      return isOver ? 'It is over: there is nothing left to cancel.' : null;
    case 'retry':
      if (!isOver) return 'It is still going on: wait until it has ended, or cancel it first.';
      return parent === null ? null : 'It is part of another run: retry that one.';
    case 'undo':
      if (!isOver) return 'It is still going on: wait until it has ended, or cancel it first.';
      if (parent !== null) return 'It is part of another run: undo that one.';
      return outcome === 'undone' || outcome === 'checked' ? 'Nothing of it stands.' : null;
  }
}
