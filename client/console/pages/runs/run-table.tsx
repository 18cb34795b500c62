import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { RunRow } from '../../answers';
import { RunBadge } from '../../kit/state-badge';
import { Table } from '../../kit/table';
import type { Column } from '../../kit/table';
import { Elapsed, Time } from '../../kit/time';

export interface RunTableProps {
  readonly label: string;
  readonly runs: readonly RunRow[];
  readonly empty: ReactNode;
}

export function RunTable({ label, runs, empty }: RunTableProps): ReactNode {
  return <Table label={label} columns={columns} rows={runs} rowKey={({ id }) => id} empty={empty} />;
}

const columns: readonly Column<RunRow>[] = [
  {
    title: 'Run',
    cell: (run) => (
      <Link to="/runs/$run" params={{ run: String(run.number) }}>
        {run.number}
      </Link>
    ),
  },
  { title: 'State', cell: (run) => <RunBadge run={run} /> },
  {
    title: 'Runbook',
    cell: ({ definition, reason, state, error }) => (
      <>
        {definition.title === '' ? definition.name : definition.title}
        {(state === 'waiting' || state === 'paused') && reason !== '' && <div className="muted small">{reason}</div>}
        {error !== null && <div className="bad small clip">{error.message}</div>}
      </>
    ),
  },
  { title: 'Requester', cell: ({ requester }) => requester, isMinor: true },
  { title: 'Started', cell: ({ startedAt, createdAt }) => <Time at={startedAt ?? createdAt} />, isMinor: true },
  { title: 'Took', cell: ({ startedAt, endedAt }) => <Elapsed from={startedAt} to={endedAt} />, align: 'end' },
];
