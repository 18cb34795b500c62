import type { ReactNode } from 'react';
import { useState } from 'react';

import type { Json } from '../../../../workflows/domain/json';
import { segment } from '../../api';
import type { TaskRow } from '../../answers';
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

interface AnswerBody {
  readonly choice: string;
  readonly comment?: string;
  readonly form?: Json;
  readonly hosts?: readonly string[];
  /** What was on the screen: the engine refuses a vote on something that has changed since. */
  readonly planHash: string;
  readonly showHash: string;
}

export function TaskAnswer({ task }: { readonly task: TaskRow }): ReactNode {
  const declared = declaredBySchema(task.form);
  const [texts, setTexts] = useState(() => initialTexts(declared));
  const [comment, setComment] = useState('');
  const [hosts, setHosts] = useState<readonly string[]>(task.hosts);
  const [wasTried, setWasTried] = useState(false);
  const me = useMe();
  const refused = useRefusal('task.answer') ?? notAsked(task, me.data?.actor);
  const tell = useToast();
  const send = useSend<{ readonly decided: boolean }, AnswerBody>(`/tasks/${segment(task.id)}/answer`, ({ decided }) =>
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
