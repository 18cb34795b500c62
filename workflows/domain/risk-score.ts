import type { Risk } from './approval-rule';

/** How a change model weighs risk: questions whose answers have weights, and the lowest score of each level. */
export interface RiskRules {
  readonly questions: readonly RiskQuestion[];
  readonly levels: { readonly moderate: number; readonly high: number };
}

export interface RiskQuestion {
  readonly id: string;
  readonly ask: string;
  readonly answers: { readonly [answer: string]: number };
}

export interface RiskScore {
  readonly score: number;
  readonly risk: Risk;
  /** Without an answer, or with one that the model does not know: they weigh nothing yet. */
  readonly open: readonly RiskQuestion[];
}

export function riskScore(
  { questions, levels }: RiskRules,
  answers: { readonly [question: string]: string },
): RiskScore {
  const weights = questions.map((question) => ({ question, weight: weightOf(question, answers[question.id]) }));
  const score = weights.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  const open = weights.flatMap(({ question, weight }) => (weight === null ? [question] : []));
  return { score, risk: levelOf(score, levels), open };
}

function weightOf({ answers }: RiskQuestion, answer: string | undefined): number | null {
  if (answer === undefined || !Object.hasOwn(answers, answer)) return null;
  return answers[answer] ?? null;
}

function levelOf(score: number, levels: RiskRules['levels']): Risk {
  if (score >= levels.high) return 'high';
  return score >= levels.moderate ? 'moderate' : 'low';
}
