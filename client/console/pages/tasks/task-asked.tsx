import type { ReactNode } from 'react';
import { Fragment } from 'react';

import type { Json } from '../../../../workflows/domain/json';
import type { TaskRow } from '../../answers';
import { Badge } from '../../kit/badge';
import { ShownFact } from '../../kit/shown-fact';
import { ShownValue } from '../../kit/shown-value';
import { Time } from '../../kit/time';
import { optionWord, taskKindWord } from './task-words';

export interface TaskAskedProps {
  readonly task: TaskRow;
  /** What was shown for it stands on the page already, in better words. */
  readonly isShownBeside?: boolean;
}

/** What is asked, of whom, what was shown for it, and what they have said so far. */
export function TaskAsked({ task, isShownBeside = false }: TaskAskedProps): ReactNode {
  const shown = isShownBeside ? [] : Object.entries(task.show);
  return (
    <>
      <TaskFacts task={task} />
      {shown.length > 0 && (
        <dl className="facts">
          {shown.flatMap(([name, value]) =>
            isShort(value) ? [<ShownFact key={name} name={name} value={value} />] : [],
          )}
        </dl>
      )}
      {shown
        .filter(([, value]) => !isShort(value))
        .map(([name, value]) => (
          <div key={name} className="shown">
            <h4>{name}</h4>
            <ShownValue value={value} label={name} />
          </div>
        ))}
      <Votes task={task} />
      {task.closed !== null && <Closed closed={task.closed} />}
    </>
  );
}

function isShort(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

function TaskFacts({ task }: { readonly task: TaskRow }): ReactNode {
  const asked = (task.asked ?? []).map(({ person }) => person);
  return (
    <dl className="facts">
      <dt>Kind</dt>
      <dd>{taskKindWord(task.kind)}</dd>
      <dt>Asked</dt>
      <dd>{(asked.length > 0 ? asked : task.candidates).join(', ') || 'anybody who may answer'}</dd>
      {(task.delegated ?? []).map(({ from, to, until }) => (
        <Fragment key={from}>
          <dt>Delegated</dt>
          <dd>
            {from} to {to}
            {until !== null && (
              <>
                {' '}
                until <Time at={until} />
              </>
            )}
          </dd>
        </Fragment>
      ))}
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
  if (task.votes.length === 0)
    return task.kind === 'approval' ? <p className="muted">Nobody has answered yet.</p> : null;
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
