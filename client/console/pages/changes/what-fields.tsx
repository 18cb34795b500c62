import type { ReactNode } from 'react';
import { useId } from 'react';

import { DeclaredForm } from '../../form/declared-form';
import { Field } from '../../kit/field';
import { useNames } from '../../use-names';
import type { PartProps } from './change-form';
import type { ChangeModel } from './change-types';
import { problemsOf } from './draft-model';
import type { Asked } from './draft-model';

export interface WhatFieldsProps extends PartProps {
  readonly models: readonly ChangeModel[];
  readonly asked: Asked;
}

export function WhatFields({ form, problems, onChange, models, asked }: WhatFieldsProps): ReactNode {
  const runbooks = useNames('Runbook');
  const inventories = useNames('Inventory');
  const known = useId();
  return (
    <>
      <Field title="Title" isRequired problem={problems['title']}>
        {(control) => (
          <input {...control} value={form.title} onChange={(event) => onChange({ title: event.target.value })} />
        )}
      </Field>
      <ModelField form={form} problems={problems} onChange={onChange} models={models} />
      <Field title="Runbook" isRequired problem={problems['runbook']} hint="As published: name, or name@version.">
        {(control) => (
          <input
            {...control}
            list={known}
            value={form.runbook}
            onChange={(event) => onChange({ runbook: event.target.value })}
          />
        )}
      </Field>
      <datalist id={known}>
        {runbooks.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <DeclaredForm
        declared={asked.inputs}
        texts={form.inputs}
        problems={problemsOf('inputs', problems)}
        onChange={(inputs) => onChange({ inputs })}
      />
      <Field title="Inventory" hint="Where its hosts are looked up; empty: as the runbook says.">
        {(control) => (
          <select {...control} value={form.inventory} onChange={(event) => onChange({ inventory: event.target.value })}>
            <option value="">As the runbook says</option>
            {inventories.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      <TargetFields form={form} onChange={onChange} />
      <DeclaredForm
        declared={asked.fields}
        texts={form.fields}
        problems={problemsOf('fields', problems)}
        onChange={(fields) => onChange({ fields })}
      />
    </>
  );
}

function ModelField({ form, problems, onChange, models }: Omit<WhatFieldsProps, 'asked'>): ReactNode {
  const own = models.find(({ name }) => name === form.model.split('@')[0]);
  return (
    <Field
      title="Model"
      isRequired
      problem={problems['model']}
      hint={own === undefined ? 'What kind of change it is, and what it passes on its way.' : modelHint(own)}
    >
      {(control) => (
        <select {...control} value={form.model} onChange={(event) => onChange({ model: event.target.value })}>
          <option value="">Choose …</option>
          {own === undefined && form.model !== '' && <option value={form.model}>{form.model}</option>}
          {models.map(({ name, title }) => (
            <option key={name} value={name === own?.name ? form.model : name}>
              {title === '' ? name : `${title} (${name})`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function TargetFields({ form, onChange }: Omit<PartProps, 'problems'>): ReactNode {
  return (
    <>
      <Field title="Only these hosts" hint="Names with commas; empty: all that the runbook works on.">
        {(control) => (
          <input {...control} value={form.limit} onChange={(event) => onChange({ limit: event.target.value })} />
        )}
      </Field>
      <Field title="Items" hint="Besides the hosts of the plan, with commas: service/shop.">
        {(control) => (
          <input {...control} value={form.items} onChange={(event) => onChange({ items: event.target.value })} />
        )}
      </Field>
    </>
  );
}

function modelHint({ spec: { type, leadTime, approval } }: ChangeModel): string {
  const lead = leadTime === undefined ? '' : `, ${leadTime} before its window at the latest`;
  switch (type) {
    case 'standard':
      return `Standard: nobody is asked${lead}.`;
    case 'emergency':
      return `Emergency: asked at once, without calendars${lead}.`;
    case 'normal':
      return `Normal: assessed${approval === undefined ? '' : ' and approved'}${lead}.`;
  }
}
