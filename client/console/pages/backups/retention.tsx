import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { Table } from '../../kit/table';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useRead } from '../../use-api';
import type { RetentionView } from './backup-types';

/** What retention says of every set now: nothing goes without a reason, and nothing stays without one. */
export function Retention({ plan }: { readonly plan: string }): ReactNode {
  const query = useRead('GET /backups/:plan/retention', { params: { plan } });
  return (
    <Loaded query={query}>
      {({ explained, pruning }) => (
        <>
          {pruning !== null && <Pruning pruning={pruning} />}
          <Section title="What is kept and why">
            <Table
              label={`Retention of ${plan}`}
              columns={columns}
              rows={explained}
              rowKey={({ set }) => set}
              empty={
                <EmptyState title="No set yet">
                  Rules keep the newest set of so many hours, days, weeks, months and years; whatever is held, in use or
                  the newest proven one stays as well. Without rules nothing is ever deleted.
                </EmptyState>
              }
            />
          </Section>
        </>
      )}
    </Loaded>
  );
}

const columns: readonly Column<RetentionView['explained'][number]>[] = [
  {
    title: 'Set',
    cell: ({ set }) => (
      <Link className="mono" to="/backup-operations/$operation" params={{ operation: set }}>
        {set}
      </Link>
    ),
  },
  {
    title: 'Then',
    cell: ({ keep }) => <Badge tone={keep ? 'good' : 'wait'}>{keep ? 'stays' : 'goes'}</Badge>,
  },
  {
    title: 'Why',
    cell: ({ keep, reasons }) => (keep ? reasons.join(', ').replace(/^kept: /, '') : 'no rule keeps it'),
  },
];

function Pruning({ pruning }: { readonly pruning: NonNullable<RetentionView['pruning']> }): ReactNode {
  const { sets, madeAt, notBeforeMs, notAfterMs } = pruning;
  return (
    <Section title="About to be deleted">
      <p>
        {sets.length === 1 ? 'One set is' : `${sets.length} sets are`} to go, decided <Time at={madeAt} />. It is looked
        at once more and deleted from <Time at={notBeforeMs} /> on, or planned anew after <Time at={notAfterMs} />.
      </p>
      <ul>
        {sets.map((set) => (
          <li key={set} className="mono">
            {set}
          </li>
        ))}
      </ul>
    </Section>
  );
}
