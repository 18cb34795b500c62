import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { RunPlan, TaskRow } from '../../answers';
import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { PlanPreview } from '../../plan/plan-preview';
import { useRead } from '../../use-api';
import { TaskAnswer } from '../tasks/task-answer';
import { TaskCard } from '../tasks/task-card';
import { ChangeApprovals } from './change-approvals';
import { ChangeForecast } from './change-forecast';
import type { ChangeView } from './change-types';

/** What would run, next to the vote on it: nobody has to remember the one while looking at the other. */
export function ChangeDecision({ change }: { readonly change: ChangeView }): ReactNode {
  if (change.plan === null || change.phase === 'draft') return <ChangeForecast change={change} />;
  const questions = change.tasks.filter(({ closed }) => closed === null);
  return (
    <div className="decision">
      <Section title="The plan that is voted on">
        <Differences change={change} />
        <Planned change={change} />
      </Section>
      <div className="decision-side">
        <Section title="Asked now">
          {questions.length === 0 ? (
            <EmptyState title="Nobody is asked anything now" />
          ) : (
            questions.map((task) => <Question key={task.id} task={task} />)
          )}
          {(change.run?.tasks ?? []).map((task) => (
            <Link key={task.id} to="/tasks/$task" params={{ task: task.id }}>
              {task.title}
            </Link>
          ))}
        </Section>
        <ChangeApprovals change={change} />
      </div>
    </div>
  );
}

/** What is shown for a vote stands beside it already; of other questions it does not. */
function Question({ task }: { readonly task: TaskRow }): ReactNode {
  if (task.kind !== 'approval') return <TaskCard task={task} />;
  const asked = (task.asked ?? []).map(({ person }) => person);
  return (
    <article className="task-card" aria-label={task.title}>
      <h3>{task.slot ?? task.title}</h3>
      <p>
        Takes {task.min} of {(asked.length > 0 ? asked : task.candidates).join(', ')}
        {task.dueAt !== null && (
          <>
            {' '}
            by <Time at={task.dueAt} />
          </>
        )}
      </p>
      <TaskAnswer task={task} />
    </article>
  );
}

/** Of the last edit against what was voted on before: a material difference has voided the votes. */
function Differences({ change: { difference } }: { readonly change: ChangeView }): ReactNode {
  if (difference.length === 0) return null;
  return (
    <div className="differences" role="note" aria-label="Differences since the last vote">
      <h3>Different from what was voted on before</h3>
      <ul>
        {difference.map((line) => (
          <li key={line} className="mono">
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Planned({ change }: { readonly change: ChangeView }): ReactNode {
  const query = useRead<{ readonly planned: Pick<RunPlan, 'description'> | null }>(`/changes/${change.id}/planned`);
  return (
    <Loaded query={query}>
      {({ planned }) =>
        planned === null ? (
          <EmptyState title="The plan is not kept any more">Its hash is {change.plan?.planHash}.</EmptyState>
        ) : (
          <PlanPreview plan={planned.description} />
        )
      }
    </Loaded>
  );
}
