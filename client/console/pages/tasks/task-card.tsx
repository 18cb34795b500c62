import type { ReactNode } from 'react';

import { TaskAnswer } from './task-answer';
import type { TaskAnswerProps } from './task-answer';
import { TaskAsked } from './task-asked';

/** A question with all that was shown for it, and the way to answer it. */
export function TaskCard({ task, refused }: TaskAnswerProps): ReactNode {
  return (
    <article className="task-card" aria-label={task.title}>
      <h3>{task.title}</h3>
      <TaskAsked task={task} />
      {task.closed === null && <TaskAnswer key={task.id} task={task} {...(refused === undefined ? {} : { refused })} />}
    </article>
  );
}
