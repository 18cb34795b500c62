import { Link } from '@tanstack/react-router';
import type { infer as Infer } from 'zod';
import type { ReactNode } from 'react';

import type * as authoring from '../../../api/authoring-schema';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Time } from '../../kit/time';
import { useRead } from '../../use-api';
import { wording } from '../../wording';

type Schedules = Infer<typeof authoring.ScheduleList>;
type Slot = Schedules['slots'][number];

const fields: readonly FilterField[] = [{ kind: 'text', name: 'service', title: 'Service', placeholder: 'shop' }];

/** What starts by itself, and when next. */
export function SchedulesPage(): ReactNode {
  const [{ service }] = useFilters();
  const query = useRead<Schedules>('/schedules', { service }, { keep: true });
  return (
    <Page title={wording.nav.schedules}>
      <Filters fields={fields} />
      <Section title="What comes next">
        <Loaded query={query}>
          {({ slots }) => (
            <Table
              label="Next runs of schedules"
              columns={columns}
              rows={slots}
              rowKey={({ name, run, atMs }) => `${name}-${run}-${atMs}`}
              empty={
                <EmptyState title="Nothing is scheduled">
                  Backup plans start their backups, deep verifications and restore drills by schedules of their own: a
                  cron line, a recurrence rule, or a stretch of time.
                </EmptyState>
              }
            />
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

const columns: readonly Column<Slot>[] = [
  { title: 'When', cell: ({ atMs }) => <Time at={atMs} /> },
  { title: 'What', cell: ({ run }) => run },
  {
    title: 'Of',
    cell: ({ name }) => (
      <Link to="/backups/$plan" params={{ plan: name }}>
        {name}
      </Link>
    ),
  },
  { title: 'Service', cell: ({ service }) => service, isMinor: true },
  {
    title: 'Standing',
    cell: ({ paused }) =>
      paused ? <Badge tone="wait">Paused: will not start</Badge> : <Badge tone="good">Kept</Badge>,
  },
];
