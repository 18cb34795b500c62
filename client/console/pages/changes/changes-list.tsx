import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Time } from '../../kit/time';
import { wording } from '../../wording';
import { ChangeBadge, RiskBadge, VerdictBadge } from './change-badge';
import type { ChangeRow } from '../../answers';
import { listFilters, useChanges } from './changes-filters';
import { windowOf } from './draft-model';

const pageSize = 50;

/** Newest first; the address says where the page begins. */
export function ChangesList(): ReactNode {
  const [{ cursor }, setFilters] = useFilters();
  const query = useChanges({ limit: pageSize, before: cursor }, { keep: true });
  return (
    <>
      <Filters fields={listFilters} />
      <Loaded query={query}>
        {({ changes }) => (
          <>
            <Table label="Changes" columns={columns} rows={changes} rowKey={({ id }) => id} empty={<NoChanges />} />
            <nav aria-label="Pages" className="pages">
              {cursor !== undefined && (
                <button type="button" className="button" onClick={() => setFilters({ cursor: '' })}>
                  {wording.newest}
                </button>
              )}
              {changes.length === pageSize && (
                <button
                  type="button"
                  className="button"
                  onClick={() => setFilters({ cursor: String(changes.at(-1)?.number ?? '') })}
                >
                  {wording.older}
                </button>
              )}
            </nav>
          </>
        )}
      </Loaded>
    </>
  );
}

const columns: readonly Column<ChangeRow>[] = [
  {
    title: 'Change',
    cell: ({ number, title }) => (
      <Link to="/changes/$change" params={{ change: `CHG-${number}` }}>
        CHG-{number} <span className="row-title">{title}</span>
      </Link>
    ),
  },
  { title: 'Phase', cell: (change) => <ChangeBadge change={change} /> },
  {
    title: 'Risk',
    cell: ({ assessed }) => (assessed === null ? '–' : <RiskBadge risk={assessed.risk} score={assessed.score} />),
    isMinor: true,
  },
  { title: 'Starts', cell: (change) => <Time at={windowOf(change)?.startMs ?? null} /> },
  {
    title: 'Conflicts',
    cell: ({ conflicts }) => (conflicts === null ? '–' : <VerdictBadge verdict={conflicts.verdict} />),
    isMinor: true,
  },
  { title: 'Requester', cell: ({ requester }) => requester, isMinor: true },
];

function NoChanges(): ReactNode {
  return (
    <EmptyState title="No changes here">
      <p>
        A change is a runbook with a window, approvals and a back-out that meets its deadline.{' '}
        <Link to="/changes/new">Open one</Link>, or run <code>mainstay change open</code>. Filters may also hide what
        you look for.
      </p>
    </EmptyState>
  );
}
