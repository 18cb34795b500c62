import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Elapsed, Time } from '../../kit/time';
import type { Operation } from './backup-types';
import { capitalised } from '../../wording';
import { operationWord } from './backup-words';

export interface OperationTableProps {
  readonly label: string;
  readonly operations: readonly Operation[];
  readonly empty: ReactNode;
}

export function OperationTable({ label, operations, empty }: OperationTableProps): ReactNode {
  return <Table label={label} columns={operationColumns} rows={operations} rowKey={({ id }) => id} empty={empty} />;
}

export function OperationBadge({ operation }: { readonly operation: Operation }): ReactNode {
  const { word, tone } = operationWord(operation);
  return <Badge tone={tone}>{word}</Badge>;
}

export const operationColumns: readonly Column<Operation>[] = [
  {
    title: 'Operation',
    cell: ({ id, kind }) => (
      <Link to="/backup-operations/$operation" params={{ operation: id }}>
        {capitalised(kind)}
      </Link>
    ),
  },
  {
    title: 'Plan',
    cell: ({ plan }) => (
      <Link to="/backups/$plan" params={{ plan }}>
        {plan}
      </Link>
    ),
  },
  { title: 'State', cell: (operation) => <OperationBadge operation={operation} /> },
  { title: 'Asked for by', cell: ({ requester }) => requester, isMinor: true },
  { title: 'Opened', cell: ({ openedAt }) => <Time at={openedAt} /> },
  {
    title: 'Took',
    cell: ({ openedAt, endedAt }) => <Elapsed from={openedAt} to={endedAt} />,
    align: 'end',
    isMinor: true,
  },
  { title: 'Why', cell: ({ reason }) => (reason === '' ? '–' : reason), isMinor: true },
];
