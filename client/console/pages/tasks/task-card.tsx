import type { ReactNode } from 'react';

import type { TaskRow } from '../../answers';
import { Badge } from '../../kit/badge';
import { ShownValue } from '../../kit/shown-value';
import { Time } from '../../kit/time';
import { TaskAnswer } from './task-answer';
import { optionWord, taskKindWord } from './task-words';

/** A question with all that was shown for it, and the way to answer it. */
export function TaskCard({ task }: { readonly task: TaskRow }): ReactNode {
  return (
    <article className="task-card" aria-label={task.title}>
      <h3>{task.title}</h3>
      <TaskFacts task={task} />
      {Object.entries(task.show).map(([name, value]) => (
        <div key={name} className="shown">
          <h4>{name}</h4>
          <ShownValue value={value} label={name} />
        </div>
      ))}
      {task.votes.length > 0 && <Votes task={task} />}
      {task.closed === null ? <TaskAnswer key={task.id} task={task} /> : <Closed closed={task.closed} />}
    </article>
  );
}

function TaskFacts({ task }: { readonly task: TaskRow }): ReactNode {
  const asked = (task.asked ?? []).map(({ person }) => person);
  return (
    <dl className="facts">
      <dt>Kind</dt>
      <dd>{taskKindWord(task.kind)}</dd>
      <dt>Asked</dt>
      <dd>{(asked.length > 0 ? asked : task.candidates).join(', ') || 'anybody who may answer'}</dd>
      {task.kind === 'approval' && (
        <>
          <dt>Takes</dt>
          <dd>
            {task.min} {task.min === 1 ? 'approval' : 'approvals'}; {task.rejectOn}{' '}
            {task.rejectOn === 1 ? 'rejection ends' : 'rejections end'} it
            {task.excludeRequester && '; the requester does not count'}
          </dd>
          <dt>Plan</dt>
          <dd className="mono">{task.planHash}</dd>
        </>
      )}
      {task.hosts.length > 0 && (
        <>
          <dt>Hosts</dt>
          <dd>{task.hosts.join(', ')}</dd>
        </>
      )}
      <dt>Opened</dt>
      <dd>
        <Time at={task.openedAt} />
      </dd>
      {task.dueAt !== null && (
        <>
          <dt>Due</dt>
          <dd>
            <Time at={task.dueAt} />
            {task.onDue !== null && `, then ${optionWord(task.onDue).toLowerCase()}`}
          </dd>
        </>
      )}
    </dl>
  );
}

function Votes({ task }: { readonly task: TaskRow }): ReactNode {
  return (
    <ul className="rows" aria-label="Answers so far">
      {task.votes.map((vote) => (
        <li key={vote.id}>
          <Badge tone={vote.choice === 'reject' ? 'bad' : 'good'}>{optionWord(vote.choice)}</Badge>
          <span className="row-main">
            {vote.actor}
            {vote.onBehalfOf !== undefined && ` for ${vote.onBehalfOf}`} <span className="muted">by {vote.via}</span>
            {vote.comment !== '' && <div>{vote.comment}</div>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Closed({ closed }: { readonly closed: NonNullable<TaskRow['closed']> }): ReactNode {
  return (
    <p role="status">
      Closed: <strong>{optionWord(closed.choice)}</strong>
      {closed.by.length > 0 && ` by ${closed.by.join(', ')}`} <Time at={closed.at} />
      {closed.comment !== '' && <> · {closed.comment}</>}
    </p>
  );
}
