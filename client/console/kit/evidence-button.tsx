import type { ReactNode } from 'react';

import type { Refusals } from '../answers';
import { apiUrl } from '../api';
import { useRefusal } from '../permission';
import { saveFrom } from '../save-file';
import { Button } from './button';

export interface EvidenceButtonProps {
  readonly process: string;
  /** What the API says of this process. */
  readonly refused: Refusals;
}

/** Of a run, a change or an operation: one signed file that is verified without us. The browser writes it as it comes. */
export function EvidenceButton({ process, refused: told }: EvidenceButtonProps): ReactNode {
  const refused = useRefusal('evidence.export', told);
  return (
    <Button refused={refused} onClick={() => saveFrom(apiUrl('GET /runs/:ref/evidence', { params: { ref: process } }))}>
      Download evidence
    </Button>
  );
}
