import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import type { FilterField } from '../../kit/filters';
import { Listed } from '../../kit/listed';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import type { PlanSummary } from './backup-types';
import { TeachBackups } from './no-backups';

const fields: readonly FilterField[] = [{ kind: 'text', name: 'service', title: 'Service', placeholder: 'shop' }];

export function BackupPlans(): ReactNode {
  const [{ service = '' }] = useFilters();
  return (
    <Listed
      title="Plans"
      label="Backup plans"
      route="GET /backups"
      address={{}}
      fields={fields}
      rowsOf={({ plans }) => plans}
      shown={(plans) => plans.filter((plan) => plan.service.includes(service))}
      columns={columns}
      rowKey={({ name }) => name}
      empty={{ none: 'No backup plan is published', unfit: 'No plan is for such a service', teaches: <TeachBackups /> }}
    />
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
