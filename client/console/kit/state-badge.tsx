import type { ReactNode } from 'react';

import { runStateWord, stepStatusWord } from '../state-words';
import type { RunStanding, StepStatus } from '../state-words';
import { Badge } from './badge';

export function RunBadge({ run }: { readonly run: RunStanding }): ReactNode {
  const { tone, word } = runStateWord(run);
  return <Badge tone={tone}>{word}</Badge>;
}

export function StepBadge({ status }: { readonly status: StepStatus }): ReactNode {
  const { tone, word } = stepStatusWord(status);
  return <Badge tone={tone}>{word}</Badge>;
}
