import type { ReactNode } from 'react';
import { useState } from 'react';

import { Button } from '../../kit/button';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { Problem } from '../../kit/problem';
import { useRefusal } from '../../permission';
import { useRead } from '../../use-api';
import { DraftForecast } from './draft-forecast';
import { draftOf, draftProblems } from './draft-model';
import type { Draft, DraftForm } from './draft-model';
import { RiskFields } from './risk-fields';
import { useAsked } from './use-asked';
import { WhatFields } from './what-fields';
import { WindowFields } from './window-fields';
import { WordFields } from './word-fields';
import type { ChangeModel } from './change-types';

export interface ChangeFormProps {
  readonly initial: DraftForm;
  readonly action: FormAction;
}

export interface FormAction {
  readonly title: string;
  readonly isBusy: boolean;
  readonly error: unknown;
  /** Why it would be refused whatever the form says. */
  readonly refused?: string | null;
  readonly send: (draft: Draft) => void;
}

/** What each part of the form gets. */
export interface PartProps {
  readonly form: DraftForm;
  readonly problems: { readonly [field: string]: string };
  readonly onChange: (changes: Partial<DraftForm>) => void;
}

export function ChangeForm(props: ChangeFormProps): ReactNode {
  const models = useRead('GET /change-models', {});
  return <Loaded query={models}>{(known) => <Form {...props} models={known.models} />}</Loaded>;
}

function Form({ initial, action, models }: ChangeFormProps & { readonly models: readonly ChangeModel[] }): ReactNode {
  const [form, setForm] = useState(initial);
  const [wasTried, setWasTried] = useState(false);
  const forbidden = useRefusal('change.write');
  const model = models.find(({ name }) => name === form.model.split('@')[0]) ?? null;
  const asked = useAsked(form.runbook, model);
  const found = draftProblems(form, asked);
  const part: PartProps = {
    form,
    problems: wasTried ? found : {},
    onChange: (changes) => setForm((now) => ({ ...now, ...changes })),
  };
  const isWhole = Object.keys(found).length === 0;
  const draft = draftOf(form, asked);
  return (
    <form
      className="form change-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setWasTried(true);
        if (isWhole) action.send(draft);
      }}
    >
      <div className="change-form-fields">
        <Section title="What">
          <WhatFields {...part} models={models} asked={asked} />
        </Section>
        <Section title="When">
          <WindowFields {...part} model={model} />
        </Section>
        <RiskFields {...part} model={model} />
        <Section title="Words and people">
          <WordFields {...part} />
        </Section>
        <Problem error={action.error} />
        <p>
          <Button type="submit" tone="primary" refused={action.refused ?? forbidden} isBusy={action.isBusy}>
            {action.title}
          </Button>
        </p>
      </div>
      <DraftForecast draft={isWhole ? draft : null} />
    </form>
  );
}
