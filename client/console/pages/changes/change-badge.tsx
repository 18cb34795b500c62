import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import { changeWord, riskTone, verdictWord } from './change-words';

export interface ChangeStanding {
  readonly phase: string;
  readonly outcome: string | null;
}

export function ChangeBadge({ change }: { readonly change: ChangeStanding }): ReactNode {
  const { tone, word } = changeWord(change);
  return <Badge tone={tone}>{word}</Badge>;
}

export function RiskBadge({ risk, score }: { readonly risk: string; readonly score: number }): ReactNode {
  return (
    <Badge tone={riskTone(risk)}>
      {risk} risk, score {score}
    </Badge>
  );
}

export function VerdictBadge({ verdict }: { readonly verdict: string }): ReactNode {
  const { tone, word } = verdictWord(verdict);
  return <Badge tone={tone}>{word}</Badge>;
}
