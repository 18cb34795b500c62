import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { isChangeId } from '../../../../workflows/domain/change-ids';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { Told } from '../../kit/told';
import { useRead } from '../../use-api';
import { wording } from '../../wording';
import { TaskAnswer } from './task-answer';
import { TaskAsked } from './task-asked';
import { TaskComments } from './task-comments';
import { TaskContext } from './task-context';
import { TaskDelegate } from './task-delegate';
import { TaskSubject } from './task-subject';

/** One question, at an address that a message may point to. */
export function TaskPage(): ReactNode {
  const { task: id = '' } = useParams({ strict: false });
  const view = useRead('GET /tasks/:id', { params: { id } });
  return (
    <Page title={view.data?.task.title ?? wording.nav.tasks}>
      <Loaded query={view}>
        {({ task, subject, comments, refused }) => (
          <>
            <div className="decide">
              <div className="decide-about">
                <Section title="Question" aside={<TaskSubject runId={task.runId} name={subject} />}>
                  <TaskAsked task={task} isShownBeside={task.kind === 'approval' && isChangeId(task.runId)} />
                </Section>
                <TaskContext runId={task.runId} />
              </div>
              {task.closed === null && (
                <div className="decide-answer">
                  <Section title="Your answer" aside={<TaskDelegate task={task} refused={refused} />}>
                    <TaskAnswer key={task.id} task={task} refused={refused} />
                  </Section>
                </div>
              )}
            </div>
            <Told about={`task/${task.id}`} />
            <Section title="Comments">
              <TaskComments taskId={task.id} comments={comments} refused={refused} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
