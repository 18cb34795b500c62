import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';

import type { DefinitionView, PreviewedPlan } from '../../answers';
import { DeclaredForm } from '../../form/declared-form';
import { initialTexts, readForm } from '../../form/form-model';
import type { Declared } from '../../form/form-model';
import { Button } from '../../kit/button';
import { Problem } from '../../kit/problem';
import { Section } from '../../kit/page';
import { useOnceKey } from '../../once';
import { useRefusal } from '../../permission';
import { useFilters } from '../../filters';
import { useSend } from '../../use-api';
import { PlanPreview } from '../../plan/plan-preview';
import { usePreview } from './preview';
import { startRequest } from './start-request';
import type { Choice, StartBody } from './start-request';
import { TargetFields } from './target-fields';

export interface StartFormProps {
  readonly view: DefinitionView;
  readonly declared: Declared;
  readonly ownInventory: string | null;
}

export function StartForm({ view, declared, ownInventory }: StartFormProps): ReactNode {
  const [given] = useFilters();
  const [choice, setChoice] = useState<Choice>(() => ({
    texts: initialTexts(declared, given),
    inventory: given['inventory'] ?? '',
    limit: '',
    isCheck: false,
  }));
  const [wasTried, setWasTried] = useState(false);
  const preview = usePreview(view);
  const read = readForm(declared, choice.texts);
  const isReady = Object.keys(read.problems).length === 0;
  const request = startRequest(view, choice, read.values);
  // What was shown for other inputs is not what would start.
  const shown = preview.variables?.key === request.key ? preview.data : undefined;
  function look(): void {
    setWasTried(true);
    if (isReady) preview.mutate(request);
  }
  return (
    <>
      <Section title="Inputs">
        <form
          className="form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            look();
          }}
        >
          <DeclaredForm
            declared={declared}
            texts={choice.texts}
            problems={wasTried ? read.problems : {}}
            onChange={(texts) => setChoice({ ...choice, texts })}
          />
          <TargetFields choice={choice} ownInventory={ownInventory} onChange={setChoice} />
          <div>
            <Button
              type="submit"
              tone={shown === undefined ? 'primary' : 'plain'}
              isBusy={preview.isPending}
              onClick={look}
            >
              Show the plan
            </Button>
          </div>
          <Problem error={preview.error} />
        </form>
      </Section>
      {shown !== undefined && <Shown shown={shown} body={request.body} />}
    </>
  );
}

interface ShownProps {
  readonly shown: PreviewedPlan;
  readonly body: StartBody;
}

function Shown({ shown: { problems, notes, plan }, body }: ShownProps): ReactNode {
  return (
    <Section title="What it would do">
      <PreviewProblems problems={problems} />
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {plan !== null && (
        <>
          <PlanPreview plan={plan} />
          <StartButton body={{ ...body, expect: plan.planHash }} />
        </>
      )}
    </Section>
  );
}

function PreviewProblems({ problems }: Pick<PreviewedPlan, 'problems'>): ReactNode {
  return problems.map((problem) => (
    <div key={`${problem.line}/${problem.column}/${problem.message}`} className="problem" role="alert">
      <p className="problem-text">{problem.message}</p>
      <p className="problem-hint">{problem.hint}</p>
      <p className="problem-code">{problem.code}</p>
    </div>
  ));
}

/** Starts what was shown: a plan that has become another one since is refused. */
function StartButton({ body }: { readonly body: StartBody }): ReactNode {
  const navigate = useNavigate();
  const refused = useRefusal('run.start');
  const [key] = useOnceKey();
  const start = useSend(
    'POST /runs',
    { key },
    ({ number }) => void navigate({ to: '/runs/$run', params: { run: String(number) } }),
  );
  return (
    <div className="form">
      <div>
        <Button tone="primary" refused={refused} isBusy={start.isPending} onClick={() => start.mutate(body)}>
          {body.check === true ? 'Start the check' : 'Start this run'}
        </Button>
      </div>
      <Problem error={start.error} />
    </div>
  );
}
