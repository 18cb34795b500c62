import type { ReactNode } from 'react';

import { Field } from '../../kit/field';
import type { PartProps } from './change-form';

const words = [
  { name: 'description', title: 'Description' },
  { name: 'reason', title: 'Reason', hint: 'Why it is done at all, and why then.' },
  { name: 'backOutPlan', title: 'Back-out plan', hint: 'What people do beyond what the runbook undoes by itself.' },
  { name: 'testPlan', title: 'Test plan', hint: 'How it is seen that it worked.' },
] as const;

const people = [
  { name: 'implementers', title: 'Implementers', hint: 'Who carries it out, with commas: user/anna, team/web.' },
  { name: 'assignees', title: 'Assignees', hint: 'Who is wanted for it at that time.' },
] as const;

export function WordFields({ form, onChange }: PartProps): ReactNode {
  return (
    <>
      {words.map((field) => (
        <Field key={field.name} title={field.title} {...('hint' in field ? { hint: field.hint } : {})}>
          {(control) => (
            <textarea
              {...control}
              value={form[field.name]}
              onChange={(event) => onChange({ [field.name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      {people.map(({ name, title, hint }) => (
        <Field key={name} title={title} hint={hint}>
          {(control) => (
            <input {...control} value={form[name]} onChange={(event) => onChange({ [name]: event.target.value })} />
          )}
        </Field>
      ))}
    </>
  );
}
