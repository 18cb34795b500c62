import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { TaskRow } from '../../answers';
import { EmptyState } from '../../kit/empty-state';
import { Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { TaskAnswer } from '../tasks/task-answer';
import { TaskCard } from '../tasks/task-card';
import { ChangeApprovals } from './change-approvals';
import { ChangeForecast } from './change-forecast';
import { ChangePlanned } from './change-planned';
import type { ChangeView } from './change-types';

/** What would run, next to the vote on it: nobody has to remember the one while looking at the other. */
export function ChangeDecision({ change }: { readonly change: ChangeView }): ReactNode {
  if (change.plan === null || change.phase === 'draft') return <ChangeForecast change={change} />;
  const questions = change.tasks.filter(({ closed }) => closed === null);
  return (
    <div className="decision">
      <Section title="The plan that is voted on">
        <ChangePlanned change={change} />
      </Section>
      <div className="decision-side">
        <Section title="Asked now">
          {questions.length === 0 ? (
            <EmptyState title="Nobody is asked anything now" />
          ) : (
            questions.map((task) => <Question key={task.id} task={task} refused={change.refused} />)
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

interface QuestionProps {
  readonly task: TaskRow;
  readonly refused: ChangeView['refused'];
}

/** What is shown for a vote stands beside it already; of other questions it does not. */
function Question({ task, refused }: QuestionProps): ReactNode {
  if (task.kind !== 'approval') return <TaskCard task={task} refused={refused} />;
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
      <TaskAnswer task={task} refused={refused} />
    </article>
  );
}
