import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { HostCell, RunView } from '../../answers';
import { StepBadge } from '../../kit/state-badge';
import { Table } from '../../kit/table';
import type { Column } from '../../kit/table';
import { durationText } from '../../time-text';
import type { GridHost } from './grid-model';
import { OutputLinks } from './output-links';

export interface HostFactsProps {
  readonly run: RunView;
  readonly host: GridHost;
}

/** What every step came to on one host. */
export function HostFacts({ run, host }: HostFactsProps): ReactNode {
  const columns: readonly Column<HostCell>[] = [
    { title: 'Step', cell: ({ step }) => <span className="mono">{step}</span> },
    { title: 'Status', cell: ({ status }) => <StepBadge status={status} /> },
    { title: 'Changed', cell: ({ changed }) => (changed === true ? 'yes' : 'no'), isMinor: true },
    { title: 'Exit', cell: ({ exitCode }) => exitCode ?? '–', align: 'end', isMinor: true },
    {
      title: 'Took',
      cell: ({ durationMs }) => (durationMs === undefined ? '–' : durationText(durationMs)),
      align: 'end',
    },
    { title: 'Why', cell: ({ error }) => error?.message ?? '' },
    { title: 'Output', cell: (cell) => <OutputLinks runId={run.id} cell={cell} /> },
  ];
  return (
    <div className="host-facts">
      <h3>
        {host.host}{' '}
        <Link
          to="/runs/$run"
          params={{ run: String(run.number) }}
          search={{ tab: 'output', host: host.host }}
          className="small"
        >
          Show its output
        </Link>
      </h3>
      <Table
        label={`Steps on ${host.host}`}
        columns={columns}
        rows={host.cells}
        rowKey={({ path, phase = 'do', generation = 1 }) => `${path}/${phase}/${generation}`}
        empty={null}
      />
    </div>
  );
}
