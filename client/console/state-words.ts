import type { RunOutcome, RunState, StepStatus } from '../../workflows/domain/step-status';

import type { Tone } from './tone';

export type { StepStatus };

/** States as the screen names and colours them: the one table for lists, headers, graph and grid. */

export interface RunStanding {
  readonly state: RunState;
  readonly outcome: RunOutcome | null;
  readonly degraded: boolean;
}

export interface StateWord {
  readonly word: string;
  readonly tone: Tone;
}

const open: { readonly [K in Exclude<RunState, 'closed'>]: StateWord } = {
  pending: { word: 'Pending', tone: 'neutral' },
  running: { word: 'Running', tone: 'busy' },
  waiting: { word: 'Waiting', tone: 'wait' },
  paused: { word: 'Paused', tone: 'wait' },
};

const closed: { readonly [K in RunOutcome]: StateWord } = {
  succeeded: { word: 'Succeeded', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
  undone: { word: 'Undone', tone: 'odd' },
  'undo-failed': { word: 'Undo failed', tone: 'bad' },
  checked: { word: 'Checked', tone: 'good' },
};

const steps: { readonly [K in StepStatus]: StateWord } = {
  pending: { word: 'Pending', tone: 'neutral' },
  running: { word: 'Running', tone: 'busy' },
  succeeded: { word: 'Succeeded', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
  skipped: { word: 'Skipped', tone: 'neutral' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
  unknown: { word: 'Unknown', tone: 'odd' },
  undone: { word: 'Undone', tone: 'odd' },
};

export function runStateWord({ state, outcome, degraded }: RunStanding): StateWord {
  if (state !== 'closed') return open[state];
  if (outcome === null) return { word: 'Closed', tone: 'neutral' };
  const { word, tone } = closed[outcome];
  return degraded ? { word: `${word}, degraded`, tone: 'wait' } : { word, tone };
}

export function stepStatusWord(status: StepStatus): StateWord {
  return steps[status];
}
