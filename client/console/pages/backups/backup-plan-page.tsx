import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { Tabs } from '../../kit/tabs';
import { Time } from '../../kit/time';
import { Timeline } from '../../kit/timeline';
import { durationText } from '../../time-text';
import { useRead } from '../../use-api';
import { TaskCard } from '../tasks/task-card';
import { BackupActions } from './backup-actions';
import { PlanStanding } from './backup-plans';
import type { PlanView } from './backup-types';
import { OperationTable } from './operation-table';
import { RestorePoints } from './restore-points';
import { Retention } from './retention';

export function BackupPlanPage(): ReactNode {
  const { plan: name = '' } = useParams({ strict: false });
  const query = useRead('GET /backups/:plan', { params: { plan: name } });
  return <Loaded query={query}>{(plan) => <Plan plan={plan} />}</Loaded>;
}

function Plan({ plan }: { readonly plan: PlanView }): ReactNode {
  return (
    <Page
      title={plan.name}
      heading={
        <>
          {plan.name} <PlanStanding plan={plan} />
        </>
      }
      actions={<BackupActions plan={plan} />}
    >
      <Warnings plan={plan} />
      <Tabs
        label={`Parts of ${plan.name}`}
        tabs={[
          { id: 'points', title: 'Restore points', content: () => <RestorePoints plan={plan.name} /> },
          { id: 'retention', title: 'What is kept and why', content: () => <Retention plan={plan.name} /> },
          { id: 'plan', title: 'Plan', content: () => <InForce plan={plan} /> },
          { id: 'timeline', title: 'Timeline', content: () => <Told plan={plan} /> },
        ]}
      />
    </Page>
  );
}

/** What somebody should see to comes before everything else. */
function Warnings({ plan: { problems, alarms, paused, tasks, open } }: { readonly plan: PlanView }): ReactNode {
  return (
    <>
      {problems.length > 0 && (
        <div className="problem" role="alert">
          <p className="problem-text">This plan cannot be gone by:</p>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      {paused !== null && (
        <p className="note" role="note">
          Paused by {paused.by} <Time at={paused.at} />
          {paused.reason === '' ? '' : `: ${paused.reason}`}. Nothing of it starts by itself.
        </p>
      )}
      {alarms.length > 0 && (
        <Section title="Alarms">
          <ul>
            {alarms.map(({ alarm, text, since }) => (
              <li key={alarm}>
                <Badge tone="bad">{alarm}</Badge> {text} <Time at={since} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {tasks.length > 0 && (
        <Section title="Asked now">
          {tasks.map((task) => (
            <TaskCard key={task.id} task={task} />
          ))}
        </Section>
      )}
      {open.length > 0 && (
        <Section title="At work">
          <OperationTable label="Operations at work" operations={open} empty={null} />
        </Section>
      )}
    </>
  );
}

function InForce({ plan }: { readonly plan: PlanView }): ReactNode {
  const { inForce, version, kept, next } = plan;
  return (
    <Section
      title="In force"
      aside={
        <Link to="/definitions/$kind/$name" params={{ kind: 'BackupPlan', name: plan.name }}>
          Version {version}
        </Link>
      }
    >
      {kept !== null && kept.version !== version && <p className="note">Its keeper still goes by {kept.version}.</p>}
      {inForce !== null && (
        <dl className="facts">
          <dt>Backs up</dt>
          <dd>
            {inForce.source.join(', ')} of {inForce.host}, service {inForce.service}
          </dd>
          <dt>Provider</dt>
          <dd>{inForce.provider}</dd>
          <dt>Repositories</dt>
          <dd>
            {inForce.repositories.primary.location}
            {inForce.repositories.offsite !== null && `, offsite ${inForce.repositories.offsite.location}`}
          </dd>
          <dt>Promised</dt>
          <dd>
            loses at most {promise(inForce.objectives.rpoMs)}, is back within {promise(inForce.objectives.rtoMs)}
          </dd>
          <dt>Drills</dt>
          <dd>{inForce.drill === null ? 'none' : `on ${inForce.drill.host}, ${inForce.drill.select.how} set`}</dd>
          <dt>Zone</dt>
          <dd>{inForce.zone}</dd>
        </dl>
      )}
      <h3>Next</h3>
      {next.length === 0 ? (
        <EmptyState title="Nothing is scheduled">Its backups have no schedule, or it is paused.</EmptyState>
      ) : (
        <ol>
          {next.map(({ run, atMs }) => (
            <li key={`${run}-${atMs}`}>
              {run} <Time at={atMs} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function promise(ms: number | null): string {
  return ms === null ? 'nothing is said' : durationText(ms);
}

function Told({ plan }: { readonly plan: PlanView }): ReactNode {
  return (
    <Section title="Timeline">
      <Timeline label={`Timeline of ${plan.name}`} facts={plan.timeline} />
    </Section>
  );
}
