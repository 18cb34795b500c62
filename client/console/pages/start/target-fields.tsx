import type { ReactNode } from 'react';

import { Field } from '../../kit/field';
import { useNames } from '../../use-names';
import type { Choice } from './start-request';

export interface TargetFieldsProps {
  readonly choice: Choice;
  readonly ownInventory: string | null;
  readonly onChange: (choice: Choice) => void;
}

/** On what it runs. */
export function TargetFields({ choice, ownInventory, onChange }: TargetFieldsProps): ReactNode {
  const names = useNames('Inventory');
  return (
    <>
      <Field title="Inventory" hint={ownInventory === null ? undefined : `The runbook names ${ownInventory}`}>
        {(control) => (
          <select
            {...control}
            value={choice.inventory}
            onChange={(event) => onChange({ ...choice, inventory: event.target.value })}
          >
            <option value="">{ownInventory === null ? 'None' : 'As the runbook says'}</option>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      <Field title="Only these hosts" hint="Names, apart by commas; empty: all that the runbook works on">
        {(control) => (
          <input
            {...control}
            type="text"
            value={choice.limit}
            onChange={(event) => onChange({ ...choice, limit: event.target.value })}
          />
        )}
      </Field>
      <Field title="Only check" hint="Looks what would change, and changes nothing">
        {(control) => (
          <input
            {...control}
            type="checkbox"
            checked={choice.isCheck}
            onChange={(event) => onChange({ ...choice, isCheck: event.target.checked })}
          />
        )}
      </Field>
    </>
  );
}
