import type { ReactNode } from 'react';

import type { RunView } from '../../answers';
import { EmptyState } from '../../kit/empty-state';
import { useRead } from '../../use-api';
import type { LiveOutput } from './use-output';

/** Why there is none: not yet, none at all, or not any more. */
export function OutputEmpty({ run, output }: { readonly run: RunView; readonly output: LiveOutput }): ReactNode {
  const isOver = output.state === 'ended';
  const page = useRead('GET /runs/:ref/logs', { params: { ref: run.id }, query: { limit: 1 } }, { enabled: isOver });
  if (!isOver) return <EmptyState title="Nothing has been written yet">Lines appear as hosts write them.</EmptyState>;
  if (page.data?.expired === true)
    return (
      <EmptyState title="The output is not kept any more">
        The run ended so long ago that what it wrote has been deleted. Its journal keeps the digests.
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing was written">No step of this run wrote anything that fits these filters.</EmptyState>
  );
}
