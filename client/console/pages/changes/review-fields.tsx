import type { ReactNode } from 'react';

import { Field } from '../../kit/field';
import { changeWord, reviewOutcomes } from './change-words';
import type { ChangeView } from './change-types';
import type { ReviewForm } from './review-model';

export interface ReviewFieldsProps {
  readonly change: ChangeView;
  readonly form: ReviewForm;
  readonly onChange: (form: ReviewForm) => void;
}

export function ReviewFields({ change, form, onChange }: ReviewFieldsProps): ReactNode {
  const { outcome, text, tickets } = form;
  return (
    <>
      <Field title="How did it end?" isRequired>
        {(control) => (
          <select
            {...control}
            value={outcome}
            onChange={(event) =>
              onChange({ ...form, outcome: reviewOutcomes.find((each) => each === event.target.value) ?? outcome })
            }
          >
            {reviewOutcomes.map((value) => (
              <option key={value} value={value}>
                {changeWord({ phase: change.phase, outcome: value }).word}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field title="What is to be learned from it?">
        {(control) => (
          <textarea {...control} value={text} onChange={(event) => onChange({ ...form, text: event.target.value })} />
        )}
      </Field>
      {Object.entries(tickets).map(([exception, ticket]) => (
        <Field key={exception} title={`Ticket for: ${exception}`} isRequired>
          {(control) => (
            <input
              {...control}
              value={ticket}
              placeholder="OPS-7"
              onChange={(event) => onChange({ ...form, tickets: { ...tickets, [exception]: event.target.value } })}
            />
          )}
        </Field>
      ))}
    </>
  );
}
