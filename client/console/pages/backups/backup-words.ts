import type { StateWord } from '../../state-words';
import { durationText } from '../../time-text';
import { capitalised } from '../../wording';
import type { PlanScore } from './backup-types';

type Verdict = NonNullable<PlanScore['card']['lastDrill']>['verdict'];
type Trend = PlanScore['card']['recoveryTime'];

const verdicts: { readonly [V in Verdict]: StateWord } = {
  PASS: { word: 'Pass', tone: 'good' },
  FAIL: { word: 'Fail', tone: 'bad' },
  INTERRUPTED: { word: 'Interrupted', tone: 'neutral' },
  INVALID: { word: 'Invalid', tone: 'odd' },
  BLOCKED: { word: 'Blocked', tone: 'wait' },
};

/** What each verdict says of the backup, for whoever sees it for the first time. */
export const verdictMeanings: { readonly [V in Verdict]: string } = {
  PASS: 'Restored, every assertion held, every corruption was noticed.',
  FAIL: 'The backup is to blame; the step or the assertion is named.',
  INTERRUPTED: 'It was called off.',
  INVALID: 'It proves nothing: a corruption was not noticed, or nothing was asserted.',
  BLOCKED: 'What is around it failed; nothing is said about the backup.',
};

export function isVerdict(text: string): text is Verdict {
  return Object.hasOwn(verdicts, text);
}

export function drillWord(verdict: string): StateWord {
  return isVerdict(verdict) ? verdicts[verdict] : { word: verdict, tone: 'neutral' };
}

interface OperationStanding {
  readonly state: string;
  readonly outcome: string | null;
  readonly verdict: { readonly verdict: string } | null;
}

const outcomeTones: { readonly [outcome: string]: StateWord['tone'] } = {
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  blocked: 'wait',
};

/** A drill is told by its verdict, everything else by its outcome, and what is open by its state. */
export function operationWord({ state, outcome, verdict }: OperationStanding): StateWord {
  if (verdict !== null) return drillWord(verdict.verdict);
  if (outcome === null) return { word: capitalised(state), tone: 'busy' };
  return { word: capitalised(outcome), tone: outcomeTones[outcome] ?? 'neutral' };
}

/** The recovery point that would be lost now, against what was promised. */
export function riskWord({ card: { risk }, objectives: { rpoMs } }: Pick<PlanScore, 'card' | 'objectives'>): StateWord {
  if (risk.kind === 'unbounded') return { word: 'everything: no verified backup', tone: 'bad' };
  const word = durationText(risk.riskMs);
  if (rpoMs === null) return { word, tone: 'neutral' };
  return { word: `${word} of ${durationText(rpoMs)}`, tone: risk.riskMs > rpoMs ? 'bad' : 'good' };
}

const directions: { readonly [D in Trend['direction']]: string } = {
  better: 'getting better',
  worse: 'getting worse',
  steady: 'steady',
  'too-few': 'too few for a trend',
};

/** `last 4 min, half below 5 min, nine of ten below 8 min; steady; 1 of 12 missed` */
export function trendText({ count, lastMs, p50Ms, p90Ms, missed, unknown, direction }: Trend): string {
  if (count === 0) return unknown === 0 ? 'not measured yet' : `not known in ${unknown} drills`;
  const measured = [
    ...(lastMs === null ? [] : [`last ${durationText(lastMs)}`]),
    ...(p50Ms === null ? [] : [`half below ${durationText(p50Ms)}`]),
    ...(p90Ms === null ? [] : [`nine of ten below ${durationText(p90Ms)}`]),
  ];
  const missedText = missed === 0 ? [] : [`${missed} of ${count} missed the objective`];
  const unknownText = unknown === 0 ? [] : [`${unknown} not known`];
  return [
    ...(measured.length === 0 ? [] : [measured.join(', ')]),
    directions[direction],
    ...missedText,
    ...unknownText,
  ].join('; ');
}

/** `1.4 GB`, in powers of 1,000 as disks are sold. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power] ?? 'B'}`;
}

/** What was shown of a set, for whoever has not learned the numbers. */
const levelMeanings: { readonly [level: string]: string } = {
  V0: 'the job ended well',
  V1: 'checksums are intact',
  V2: 'a sample matches the source',
  V3: 'it was restored',
  V4: 'the restored service starts',
  V5: 'assertions on its data hold',
  V6: 'clients can use it',
};

export function levelMeaning(level: string): string {
  return levelMeanings[level] ?? '';
}

/** The highest level that was shown of a set; null: none. */
export function highestLevel(levels: { readonly [level: string]: number | undefined }): string | null {
  const shown = Object.entries(levels).filter(([, at]) => at !== undefined);
  return (
    shown
      .map(([level]) => level)
      .toSorted()
      .at(-1) ?? null
  );
}
