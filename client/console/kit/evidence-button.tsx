import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { readApi, segment } from '../api';
import type { ApiProblem } from '../api';
import { useRefusal } from '../permission';
import { saveText } from '../save-file';
import { Button } from './button';
import { Problem } from './problem';

interface Exported {
  readonly name: string;
  readonly text: string;
}

/** Of a run, a change or an operation: one signed file that is verified without us. */
export function EvidenceButton({ process }: { readonly process: string }): ReactNode {
  const refused = useRefusal('evidence.export');
  const get = useMutation<Exported, ApiProblem>({
    mutationFn: () => readApi<Exported>(`/runs/${segment(process)}/evidence`),
    onSuccess: ({ name, text }) => saveText(name, text),
  });
  return (
    <>
      <Button refused={refused} isBusy={get.isPending} onClick={() => get.mutate()}>
        Download evidence
      </Button>
      <Problem error={get.error} />
    </>
  );
}
