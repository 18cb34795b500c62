import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Button } from '../../kit/button';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { useRead } from '../../use-api';
import { wording } from '../../wording';
import type { OperationList } from './backup-types';
import { OperationTable } from './operation-table';

const kinds = ['backup', 'verify', 'forget', 'restore', 'drill', 'watch'] as const;
const pageSize = 50;

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
  const [{ plan, kind, open, cursor }, setFilters] = useFilters();
  const query = useRead<OperationList>(
    '/backup-operations',
    { plan, kind, open, before: cursor, limit: pageSize },
    { keep: true },
  );
  return (
    <>
      <Filters fields={fields} />
      <Loaded query={query}>
        {({ operations }) => (
          <>
            <OperationTable
              label="Backup operations"
              operations={operations}
              empty={
                <EmptyState title="No operations here">
                  Every backup, verification, pruning, restore and drill is an operation with a journal of its own.
                </EmptyState>
              }
            />
            <nav aria-label="Pages" className="pages">
              {cursor !== undefined && <Button onClick={() => setFilters({ cursor: '' })}>{wording.newest}</Button>}
              {operations.length === pageSize && (
                <Button onClick={() => setFilters({ cursor: String(operations.at(-1)?.openedAt ?? '') })}>
                  {wording.older}
                </Button>
              )}
            </nav>
          </>
        )}
      </Loaded>
    </>
  );
}
