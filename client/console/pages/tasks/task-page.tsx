import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { segment } from '../../api';
import type { TaskView } from '../../answers';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { useRead } from '../../use-api';
import { wording } from '../../wording';
import { TaskCard } from './task-card';
import { TaskComments } from './task-comments';
import { TaskSubject } from './task-subject';

/** One question, at an address that a message may point to. */
export function TaskPage(): ReactNode {
  const { task: id = '' } = useParams({ strict: false });
  const view = useRead<TaskView>(`/tasks/${segment(id)}`);
  return (
    <Page title={view.data?.task.title ?? wording.nav.tasks}>
      <Loaded query={view}>
        {({ task, subject, comments }) => (
          <>
            <Section title="Question" aside={<TaskSubject runId={task.runId} name={subject} />}>
              <TaskCard task={task} />
            </Section>
            <Section title="Comments">
              <TaskComments taskId={task.id} comments={comments} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
