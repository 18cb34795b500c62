import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { mostUrgentFirst } from '../../../../workflows/domain/task';
import type { TaskList } from '../../answers';
import { Time } from '../../kit/time';
import { taskKindWord } from './task-words';

export interface TaskRowsProps {
  readonly list: TaskList;
  readonly most?: number;
  readonly empty: ReactNode;
}

export function TaskRows({ list, most = Number.POSITIVE_INFINITY, empty }: TaskRowsProps): ReactNode {
  if (list.tasks.length === 0) return empty;
  return (
    <ul className="rows task-rows">
      {mostUrgentFirst(list.tasks)
        .slice(0, most)
        .map((task) => (
          <li key={task.id}>
            <span className="row-kind">{taskKindWord(task.kind)}</span>
            <span className="row-main">
              <Link to="/tasks/$task" params={{ task: task.id }}>
                {task.title}
              </Link>{' '}
              <span className="muted">{list.subjects[task.runId] ?? task.runId}</span>
            </span>
            {task.closed !== null && <span className="muted">{task.closed.choice}</span>}
            {task.closed === null && task.dueAt !== null && (
              <span>
                due <Time at={task.dueAt} />
              </span>
            )}
          </li>
        ))}
    </ul>
  );
}
