import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Section } from '../../kit/page';
import { RunBadge } from '../../kit/state-badge';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Elapsed, Time } from '../../kit/time';
import type { ChangeView } from './change-types';

type Wave = NonNullable<ChangeView['run']>['waves'][number];

/** The one run that carries the change out; before it has started there is nothing to see. */
export function ChangeRun({ change }: { readonly change: ChangeView }): ReactNode {
  const { run } = change;
  if (run === null) return null;
  return (
    <Section
      title="Run"
      aside={
        <Link to="/runs/$run" params={{ run: String(run.number) }}>
          Run {run.number} <RunBadge run={run} />
        </Link>
      }
    >
      <Table
        label="Waves"
        columns={columns}
        rows={run.waves}
        rowKey={({ path, wave }) => `${path}-${wave}`}
        empty={<p className="hint">It works without waves, or has not begun one.</p>}
      />
    </Section>
  );
}

const columns: readonly Column<Wave>[] = [
  { title: 'Wave', cell: ({ path, wave }) => `${path}, wave ${wave}` },
  { title: 'Hosts', cell: ({ hosts }) => hosts, align: 'end' },
  { title: 'Failed', cell: ({ failed }) => failed ?? 'at work', align: 'end' },
  { title: 'Started', cell: ({ startedAt }) => <Time at={startedAt} /> },
  { title: 'Took', cell: ({ startedAt, endedAt }) => <Elapsed from={startedAt} to={endedAt} /> },
];
