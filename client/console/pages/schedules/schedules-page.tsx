import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import type { FilterField } from '../../kit/filters';
import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import { Page } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { wording } from '../../wording';

type Slot = AnswerOf<'GET /schedules'>['slots'][number];

const fields: readonly FilterField[] = [{ kind: 'text', name: 'service', title: 'Service', placeholder: 'shop' }];

/** What starts by itself, and when next. */
export function SchedulesPage(): ReactNode {
  const [{ service }] = useFilters();
  return (
    <Page title={wording.nav.schedules}>
      <Listed
        title="What comes next"
        label="Next runs of schedules"
        route="GET /schedules"
        address={{ filters: { service } }}
        fields={fields}
        rowsOf={({ slots }) => slots}
        columns={columns}
        rowKey={({ name, run, atMs }) => `${name}-${run}-${atMs}`}
        empty={empty}
      />
    </Page>
  );
}

const empty: EmptyWords = {
  none: 'Nothing is scheduled',
  unfit: 'Nothing of this service is scheduled',
  teaches:
    'Backup plans start their backups, deep verifications and restore drills by schedules of their own: a cron line, a recurrence rule, or a stretch of time.',
};

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
