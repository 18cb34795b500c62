import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Time } from '../../kit/time';
import { useRead } from '../../use-api';
import type { PlanList, PlanSummary } from './backup-types';
import { NoBackups } from './no-backups';

const fields: readonly FilterField[] = [{ kind: 'text', name: 'service', title: 'Service', placeholder: 'shop' }];

export function BackupPlans(): ReactNode {
  const [{ service = '' }] = useFilters();
  const query = useRead<PlanList>('/backups');
  return (
    <>
      <Filters fields={fields} />
      <Loaded query={query}>
        {({ plans }) => (
          <Table
            label="Backup plans"
            columns={columns}
            rows={plans.filter((plan) => plan.service.includes(service))}
            rowKey={({ name }) => name}
            empty={plans.length === 0 ? <NoBackups /> : <EmptyState title="No plan is for such a service" />}
          />
        )}
      </Loaded>
    </>
  );
}

const columns: readonly Column<PlanSummary>[] = [
  {
    title: 'Plan',
    cell: ({ name }) => (
      <Link to="/backups/$plan" params={{ plan: name }}>
        {name}
      </Link>
    ),
  },
  { title: 'Service', cell: ({ service }) => service },
  { title: 'Provider', cell: ({ provider }) => provider, isMinor: true },
  { title: 'Standing', cell: (plan) => <PlanStanding plan={plan} /> },
  { title: 'Last backup', cell: ({ lastSet }) => <Time at={lastSet?.atMs ?? null} /> },
  {
    title: 'Next',
    cell: ({ next }) =>
      next === null ? (
        '–'
      ) : (
        <>
          {next.run} <Time at={next.atMs} />
        </>
      ),
    isMinor: true,
  },
  { title: 'At work', cell: ({ open }) => open, align: 'end', isMinor: true },
];

export function PlanStanding({
  plan: { paused, alarms, problems },
}: {
  readonly plan: Pick<PlanSummary, 'paused' | 'alarms' | 'problems'>;
}): ReactNode {
  if (problems.length > 0) return <Badge tone="bad">Cannot be gone by</Badge>;
  if (alarms.length > 0) return <Badge tone="bad">{alarms.length === 1 ? '1 alarm' : `${alarms.length} alarms`}</Badge>;
  return paused === null ? <Badge tone="good">Kept</Badge> : <Badge tone="wait">Paused</Badge>;
}
