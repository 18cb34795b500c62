import type { ReactNode } from 'react';
import { useState } from 'react';

import type { TaskView } from '../../answers';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import { Time } from '../../kit/time';
import { useRefusal } from '../../permission';
import { useSend } from '../../use-api';

export interface TaskCommentsProps {
  readonly taskId: string;
  readonly comments: TaskView['comments'];
  readonly refused: TaskView['refused'];
}

export function TaskComments({ taskId, comments, refused: told }: TaskCommentsProps): ReactNode {
  const [text, setText] = useState('');
  const refused = useRefusal('task.comment', told);
  const send = useSend('POST /tasks/:id/comments', { params: { id: taskId } }, () => setText(''));
  return (
    <div className="form">
      {comments.length === 0 && <p className="muted">Nobody has said anything yet.</p>}
      {comments.map((comment) => (
        <article key={comment.id} className="comment">
          <p className="small">
            {comment.actor} · <Time at={comment.at} />
          </p>
          <p>{comment.text}</p>
        </article>
      ))}
      <Field title="New comment">
        {(control) => <textarea {...control} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <div>
        <Button
          refused={refused ?? (text.trim() === '' ? 'Write something first.' : null)}
          isBusy={send.isPending}
          onClick={() => send.mutate({ text: text.trim() })}
        >
          Add comment
        </Button>
      </div>
      <Problem error={send.error} />
    </div>
  );
}
