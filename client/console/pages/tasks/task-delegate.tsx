import type { ReactNode } from 'react';
import { useState } from 'react';

import type { TaskRow } from '../../answers';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { PersonField } from '../../kit/person-field';
import { Problem } from '../../kit/problem';
import { useZone } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { instantOf } from '../../kit/wall-time';
import { useMe } from '../../me';
import { useRefusal } from '../../permission';
import { useSend } from '../../use-api';
import { wording } from '../../wording';
import { notAsked } from './not-asked';
import type { TaskAnswerProps } from './task-answer';

/** Has somebody else answer what one is asked. */
export function TaskDelegate({ task, refused: told }: TaskAnswerProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const me = useMe();
  const refused = useRefusal('task.answer', told) ?? notAsked(task, me.data?.actor);
  return (
    <>
      <Button tone="quiet" refused={refused} onClick={() => setIsOpen(true)}>
        Delegate
      </Button>
      {isOpen && <DelegateDialog task={task} onClose={() => setIsOpen(false)} />}
    </>
  );
}

interface DelegateDialogProps {
  readonly task: TaskRow;
  readonly onClose: () => void;
}

function DelegateDialog({ task, onClose }: DelegateDialogProps): ReactNode {
  const zone = useZone();
  const [{ to, until, comment }, setForm] = useState({ to: '', until: '', comment: '' });
  const [wasTried, setWasTried] = useState(false);
  const tell = useToast();
  const send = useSend('POST /tasks/:id/delegate', { params: { id: task.id } }, (done) => {
    tell(`${done.to} may answer now in your place`);
    onClose();
  });
  const problem = /^user\/[^\s/]+$/.test(to.trim()) ? null : 'Choose somebody, or write user/login.';
  function delegate(): void {
    setWasTried(true);
    if (problem !== null) return;
    send.mutate({
      to: to.trim(),
      ...(until === '' ? {} : { until: instantOf(until, zone) }),
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
    });
  }
  return (
    <Dialog
      title={`Delegate: ${task.title}`}
      isOpen
      onClose={onClose}
      actions={
        <Button tone="primary" isBusy={send.isPending} onClick={delegate}>
          Let them answer
        </Button>
      }
    >
      <p>They answer in your place. Name yourself to take it back.</p>
      <PersonField
        title="Who answers"
        value={to}
        problem={wasTried ? problem : null}
        onChange={(person) => setForm({ to: person, until, comment })}
      />
      <Field title="Until" hint={`On the clock of ${zone}. Empty: as long as it is asked.`}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={until}
            onChange={(event) => setForm({ to, until: event.target.value, comment })}
          />
        )}
      </Field>
      <Field title="Why" hint={wording.journaled}>
        {(control) => (
          <textarea
            {...control}
            value={comment}
            onChange={(event) => setForm({ to, until, comment: event.target.value })}
          />
        )}
      </Field>
      <Problem error={send.error} />
    </Dialog>
  );
}
