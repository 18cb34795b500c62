import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';

import { EmptyState } from '../../kit/empty-state';
import { Section } from '../../kit/page';
import { StepGraph } from '../run/step-graph';
import { runbookTree } from './runbook-tree';

/** The steps of a runbook as it is written. */
export function RunbookGraph({ text }: { readonly text: string }): ReactNode {
  const tree = useMemo(() => runbookTree(text), [text]);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <Section title="Graph" aside={selected === null ? null : <span className="mono">{selected}</span>}>
      {tree.length === 0 ? (
        <EmptyState title="No steps to draw">Below spec, steps is a list of what is done.</EmptyState>
      ) : (
        <StepGraph isPreview tree={tree} selected={selected} onSelect={setSelected} />
      )}
    </Section>
  );
}
