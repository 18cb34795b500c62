import type { ReactNode } from 'react';
import { useMemo } from 'react';

import type { HostCell, RunView } from '../../answers';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { stepStatusWord } from '../../state-words';
import { gridOf } from './grid-model';
import { HostFacts } from './host-facts';
import { HostGrid } from './host-grid';
import { useHosts } from './use-hosts';

export interface HostSectionProps {
  readonly run: RunView;
  /** Null: over all steps. */
  readonly step: string | null;
}

export function HostSection({ run, step }: HostSectionProps): ReactNode {
  const hosts = useHosts(run.id);
  return (
    <Section title={step === null ? 'Hosts' : `Hosts of ${step}`}>
      <Loaded query={hosts}>{(cells) => <Hosts run={run} step={step} cells={cells} />}</Loaded>
    </Section>
  );
}

function Hosts({ run, step, cells }: HostSectionProps & { readonly cells: readonly HostCell[] }): ReactNode {
  const [{ status = '', find = '', host: chosen = '' }, setFilters] = useFilters();
  const grid = useMemo(() => gridOf(cells, { step, status, text: find }), [cells, step, status, find]);
  if (grid.counts.size === 0)
    return (
      <EmptyState title={step === null ? 'No host has been worked on' : 'This step has not worked on any host'}>
        Each host that a step works on is a cell here, as soon as its result is there.
      </EmptyState>
    );
  const found = grid.hosts.find(({ host }) => host === chosen);
  return (
    <>
      <Filters
        fields={[
          {
            kind: 'choice',
            name: 'status',
            title: 'Status',
            options: [...grid.counts].map(([value, count]) => ({
              value,
              title: `${stepStatusWord(value).word} (${count})`,
            })),
          },
          { kind: 'text', name: 'find', title: 'Host', placeholder: 'part of a name' },
        ]}
      />
      <p className="legend">
        {[...grid.counts].map(([value, count]) => {
          const { tone, word } = stepStatusWord(value);
          return (
            <Badge key={value} tone={tone}>
              {count} {word.toLowerCase()}
            </Badge>
          );
        })}
      </p>
      <HostGrid hosts={grid.hosts} chosen={chosen} onChoose={(host) => setFilters({ host })} />
      {found !== undefined && <HostFacts run={run} host={found} />}
    </>
  );
}
