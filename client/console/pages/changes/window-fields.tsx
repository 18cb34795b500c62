import type { ReactNode } from 'react';

import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import type { PartProps } from './change-form';
import type { ChangeModel } from './change-types';
import { lengthOf, windowAt } from './window-model';
import { useNextSlot } from './use-next-slot';

/** The window contains the back-out. Its calendars say when it is next free. */
export function WindowFields({
  form,
  problems,
  onChange,
  model,
}: PartProps & { readonly model: ChangeModel | null }): ReactNode {
  const { start, end, cutoff, zone } = form;
  const slot = useNextSlot(model?.spec.calendars ?? [], form);
  return (
    <>
      <div className="fields-row">
        <Field title="Starts" isRequired problem={problems['start']} hint={`On the clock of ${zone}`}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={start}
              onChange={(event) => onChange(windowAt(event.target.value, { start, end }))}
            />
          )}
        </Field>
        <Field title="Ends" isRequired problem={problems['end']} hint="It contains the back-out.">
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={end}
              onChange={(event) => onChange({ end: event.target.value })}
            />
          )}
        </Field>
        <Field title="Cutoff" hint="Nothing starts so long before the end: 30m">
          {(control) => (
            <input {...control} value={cutoff} onChange={(event) => onChange({ cutoff: event.target.value })} />
          )}
        </Field>
        <Field title="Zone" problem={problems['zone']}>
          {(control) => (
            <input {...control} value={zone} onChange={(event) => onChange({ zone: event.target.value })} />
          )}
        </Field>
      </div>
      <p>
        <Button
          refused={
            slot.refused ?? (lengthOf(form) === null ? 'Say first how long it is: when it starts and ends.' : null)
          }
          isBusy={slot.isBusy}
          onClick={() => slot.find(onChange)}
        >
          Next free slot
        </Button>{' '}
        {slot.text !== '' && <span role="status">{slot.text}</span>}
      </p>
      <Problem error={slot.error} />
    </>
  );
}
