import type { ReactNode } from 'react';
import { useId } from 'react';

import { useWhole } from '../use-api';
import { Field } from './field';

export interface PersonFieldProps {
  readonly title: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (person: string) => void;
}

/** Somebody among those who are published, found by name or login; whoever is not published is written as user/login. */
export function PersonField({ title, value, problem, onChange }: PersonFieldProps): ReactNode {
  const listId = useId();
  const { data } = useWhole('GET /people', {});
  const people = (data?.pages ?? []).flatMap((page) => page.people).filter(({ active }) => active);
  return (
    <Field title={title} hint="Somebody who is published, or user/login." problem={problem} isRequired>
      {(control) => (
        <>
          <input
            {...control}
            list={listId}
            value={value}
            placeholder="user/anna"
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={listId}>
            {people.map(({ reference, name }) => (
              <option key={reference} value={reference}>
                {name ?? reference}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
