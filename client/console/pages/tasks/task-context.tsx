import type { ReactNode } from 'react';

import { isKeeperId, isOperationId } from '../../../../workflows/domain/backup-ids';
import { isChangeId } from '../../../../workflows/domain/change-ids';
import type { RunView } from '../../answers';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { ShownFact } from '../../kit/shown-fact';
import { Time } from '../../kit/time';
import { PlanPreview } from '../../plan/plan-preview';
import { useRead } from '../../use-api';
import { OperationFacts } from '../backups/operation-facts';
import { ChangeConflicts } from '../changes/change-conflicts';
import { ChangeFacts } from '../changes/change-facts';
import { ChangePlanned } from '../changes/change-planned';

/** What the answer is about, on the same page: nobody has to remember the one while looking at the other. */
export function TaskContext({ runId }: { readonly runId: string }): ReactNode {
  if (isChangeId(runId)) return <OfChange id={runId} />;
  // What the keeper of a plan asks is told whole in the question.
  if (isKeeperId(runId)) return null;
  return isOperationId(runId) ? <OfOperation id={runId} /> : <OfRun id={runId} />;
}

function OfChange({ id }: { readonly id: string }): ReactNode {
  const query = useRead('GET /changes/:ref', { params: { ref: id } });
  return (
    <Loaded query={query}>
      {(change) => (
        <>
          <Section title="The change">
            <ChangeFacts change={change} />
          </Section>
          {change.plan !== null && (
            <Section title="The plan that is voted on">
              <ChangePlanned change={change} />
            </Section>
          )}
          <ChangeConflicts change={change} />
        </>
      )}
    </Loaded>
  );
}

function OfRun({ id }: { readonly id: string }): ReactNode {
  const run = useRead('GET /runs/:ref', { params: { ref: id }, query: { hosts: false } });
  const plan = useRead('GET /runs/:ref/plan', { params: { ref: id } });
  return (
    <>
      <Loaded query={run}>{(view) => <RunFacts run={view} />}</Loaded>
      <Section title="Its plan">
        <Loaded query={plan}>{({ description }) => <PlanPreview plan={description} />}</Loaded>
      </Section>
    </>
  );
}

function RunFacts({ run }: { readonly run: RunView }): ReactNode {
  return (
    <Section title="The run">
      <dl className="facts">
        <dt>Requester</dt>
        <dd>{run.requester}</dd>
        <dt>Started</dt>
        <dd>
          <Time at={run.startedAt ?? run.createdAt} />
        </dd>
        {Object.entries(run.inputs).map(([name, value]) => (
          <ShownFact key={name} name={name} value={value} />
        ))}
      </dl>
    </Section>
  );
}

function OfOperation({ id }: { readonly id: string }): ReactNode {
  const query = useRead('GET /backup-operations/:ref', { params: { ref: id } });
  return (
    <Section title="The operation">
      <Loaded query={query}>{(operation) => <OperationFacts operation={operation} />}</Loaded>
    </Section>
  );
}
