import type { changeLifecycle } from '../../../../workflows/change/lifecycle';
import type { Tone } from '../../tone';
import type { StateWord } from '../../state-words';

export type ChangePhase = (typeof changeLifecycle.states)[number];

/** Phases, outcomes, risks and verdicts as the screen names and colours them. */

const phases: { readonly [P in ChangePhase]: StateWord } = {
  draft: { word: 'Draft', tone: 'neutral' },
  assessing: { word: 'Assessing', tone: 'wait' },
  authorising: { word: 'Authorising', tone: 'wait' },
  scheduled: { word: 'Scheduled', tone: 'busy' },
  held: { word: 'Held', tone: 'wait' },
  implementing: { word: 'Implementing', tone: 'busy' },
  'backing-out': { word: 'Backing out', tone: 'odd' },
  'backed-out': { word: 'Backed out', tone: 'odd' },
  'back-out-failed': { word: 'Back-out failed', tone: 'bad' },
  reviewing: { word: 'Reviewing', tone: 'wait' },
  closed: { word: 'Closed', tone: 'good' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
  expired: { word: 'Expired', tone: 'neutral' },
};

const outcomes: { readonly [outcome: string]: StateWord } = {
  successful: { word: 'Successful', tone: 'good' },
  'successful-with-issues': { word: 'Successful, with issues', tone: 'wait' },
  'backed-out': { word: 'Backed out', tone: 'odd' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
  expired: { word: 'Expired', tone: 'neutral' },
};

export const phaseOptions = Object.entries(phases).map(([value, { word }]) => ({ value, title: word }));

export function isPhase(text: string): text is ChangePhase {
  return Object.hasOwn(phases, text);
}

/** What is over is told by how it ended. */
export function changeWord({ phase, outcome }: { readonly phase: string; readonly outcome: string | null }): StateWord {
  const ended = outcome === null ? undefined : outcomes[outcome];
  if (ended !== undefined) return ended;
  return isPhase(phase) ? phases[phase] : { word: phase, tone: 'neutral' };
}

const riskTones: { readonly [risk: string]: Tone } = { low: 'good', moderate: 'wait', high: 'bad' };

export function riskTone(risk: string): Tone {
  return riskTones[risk] ?? 'neutral';
}

const verdicts: { readonly [verdict: string]: StateWord } = {
  clear: { word: 'No conflicts', tone: 'good' },
  warned: { word: 'Overlaps', tone: 'wait' },
  unresolved: { word: 'Not known', tone: 'odd' },
  held: { word: 'Frozen', tone: 'wait' },
  blocked: { word: 'Blocked', tone: 'bad' },
};

export function verdictWord(verdict: string): StateWord {
  return verdicts[verdict] ?? { word: verdict, tone: 'neutral' };
}

export const reviewOutcomes = ['successful', 'successful-with-issues', 'backed-out', 'failed'] as const;
