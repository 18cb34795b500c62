import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { ChangeBadge, RiskBadge, VerdictBadge } from './change-badge';
import type { ChangeRow } from '../../answers';
import { listFilters, useChosen } from './changes-filters';
import { windowOf } from './draft-model';

/** Newest first. */
export function ChangesList(): ReactNode {
  const chosen = useChosen();
  return (
    <Listed
      title="Changes, newest first"
      label="Changes"
      route="GET /changes"
      address={{ filters: chosen }}
      fields={listFilters}
      rowsOf={({ changes }) => changes}
      columns={columns}
      rowKey={({ id }) => id}
      empty={empty}
    />
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

const empty: EmptyWords = {
  none: 'No changes here',
  unfit: 'No change fits these filters',
  teaches: (
    <p>
      A change is a runbook with a window, approvals and a back-out that meets its deadline.{' '}
      <Link to="/changes/new">Open one</Link>, or run <code>mainstay change open</code>.
    </p>
  ),
};
