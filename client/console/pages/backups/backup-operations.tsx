import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import type { FilterField } from '../../kit/filters';
import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import { operationColumns } from './operation-table';

const kinds = ['backup', 'verify', 'forget', 'restore', 'drill', 'watch'] as const;

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'plan', title: 'Plan', placeholder: 'shop-db' },
  { kind: 'choice', name: 'kind', title: 'Kind', options: kinds.map((value) => ({ value, title: value })) },
  {
    kind: 'choice',
    name: 'open',
    title: 'Standing',
    options: [
      { value: 'true', title: 'At work' },
      { value: 'false', title: 'Over' },
    ],
  },
];

/** Looks that keepers take every quarter of an hour are shown only when they are asked for. */
export function BackupOperations(): ReactNode {
  const [{ plan, kind, open }] = useFilters();
  return (
    <Listed
      title="Operations, newest first"
      label="Backup operations"
      route="GET /backup-operations"
      address={{ filters: { plan, kind, open } }}
      fields={fields}
      rowsOf={({ operations }) => operations}
      columns={operationColumns}
      rowKey={({ id }) => id}
      empty={empty}
    />
  );
}

const empty: EmptyWords = {
  none: 'No operations yet',
  unfit: 'No operation fits these filters',
  teaches: 'Every backup, verification, pruning, restore and drill is an operation with a journal of its own.',
};
