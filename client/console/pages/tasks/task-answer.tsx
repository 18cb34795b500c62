import type { ReactNode } from 'react';
import { useState } from 'react';

import type { Refusals, TaskRow } from '../../answers';
import { DeclaredForm } from '../../form/declared-form';
import { initialTexts, readForm } from '../../form/form-model';
import { declaredBySchema } from '../../form/schema-rules';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import { useToast } from '../../kit/toast';
import { useRefusal } from '../../permission';
import { useMe } from '../../me';
import { useSend } from '../../use-api';
import { notAsked } from './not-asked';
import { optionTone, optionWord } from './task-words';

export interface TaskAnswerProps {
  readonly task: TaskRow;
  /** What the API says of what asks. */
  readonly refused?: Refusals;
}

export function TaskAnswer({ task, refused: told }: TaskAnswerProps): ReactNode {
  const declared = declaredBySchema(task.form);
  const [texts, setTexts] = useState(() => initialTexts(declared));
  const [comment, setComment] = useState('');
  const [hosts, setHosts] = useState<readonly string[]>(task.hosts);
  const [wasTried, setWasTried] = useState(false);
  const me = useMe();
  const refused = useRefusal('task.answer', told) ?? notAsked(task, me.data?.actor);
  const tell = useToast();
  const send = useSend('POST /tasks/:id/answer', { params: { id: task.id } }, ({ decided }) =>
    tell(decided ? 'Answered: it is decided' : 'Your answer counts; more are needed'),
  );
  const read = readForm(declared, texts);
  function answer(choice: string): void {
    setWasTried(true);
    // Whoever rejects need not fill in what whoever approves has to say.
    const needsForm = !['reject', 'fail', 'stop'].includes(choice);
    if (needsForm && Object.keys(read.problems).length > 0) return;
    send.mutate({
      choice,
      // What was on the screen: the engine refuses a vote on something that has changed since.
      planHash: task.planHash,
      showHash: task.showHash,
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
      ...(Object.keys(read.values).length === 0 ? {} : { form: read.values }),
      ...(task.hosts.length === 0 || hosts.length === task.hosts.length ? {} : { hosts }),
    });
  }
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()} noValidate>
      <DeclaredForm declared={declared} texts={texts} problems={wasTried ? read.problems : {}} onChange={setTexts} />
      {task.kind === 'unknown' && <HostChoice all={task.hosts} chosen={hosts} onChange={setHosts} />}
      <Field title="Comment">
        {(control) => <textarea {...control} value={comment} onChange={(event) => setComment(event.target.value)} />}
      </Field>
      <div className="answers">
        {task.options.map((option) => (
          <Button
            key={option}
            tone={optionTone(option)}
            refused={refused ?? (task.hosts.length > 0 && hosts.length === 0 ? 'Choose at least one host.' : null)}
            isBusy={send.isPending}
            onClick={() => answer(option)}
          >
            {optionWord(option)}
          </Button>
        ))}
      </div>
      <Problem error={send.error} />
    </form>
  );
}

interface HostChoiceProps {
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (hosts: readonly string[]) => void;
}

/** One by one: on some hosts it may be done, on others not. */
function HostChoice({ all, chosen, onChange }: HostChoiceProps): ReactNode {
  if (all.length < 2) return null;
  return (
    <fieldset className="hosts-choice">
      <legend>Hosts that this answer is for</legend>
      {all.map((host) => (
        <label key={host}>
          <input
            type="checkbox"
            checked={chosen.includes(host)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, host] : chosen.filter((other) => other !== host))
            }
          />{' '}
          {host}
        </label>
      ))}
    </fieldset>
  );
}
