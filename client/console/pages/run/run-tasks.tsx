import type { ReactNode } from 'react';

import type { RunView } from '../../answers';
import { Section } from '../../kit/page';
import { TaskCard } from '../tasks/task-card';

/** What the run asks of people, where it is seen: answered without leaving the page. */
export function RunTasks({ run }: { readonly run: RunView }): ReactNode {
  const open = run.tasks.filter(({ closed }) => closed === null);
  if (open.length === 0) return null;
  return (
    <Section title={open.length === 1 ? 'It asks' : `It asks ${open.length} things`}>
      {open.map((task) => (
        <TaskCard key={task.id} task={task} refused={run.refused} />
      ))}
    </Section>
  );
}
