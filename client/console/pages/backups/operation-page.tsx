import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';

import { segment } from '../../api';
import { Button } from '../../kit/button';
import { Code } from '../../kit/code';
import { Dialog } from '../../kit/dialog';
import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { Problem } from '../../kit/problem';
import { RunBadge } from '../../kit/state-badge';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Elapsed, Time } from '../../kit/time';
import { Timeline } from '../../kit/timeline';
import { VerifiedBadge } from '../../kit/verified-badge';
import { useRefusal } from '../../permission';
import { durationText } from '../../time-text';
import { useRead, useSend } from '../../use-api';
import { TaskCard } from '../tasks/task-card';
import type { OperationView } from './backup-types';
import { isVerdict, verdictMeanings } from './backup-words';
import { OperationBadge } from './operation-table';

export function OperationPage(): ReactNode {
  const { operation: ref = '' } = useParams({ strict: false });
  const query = useRead<OperationView>(`/backup-operations/${segment(ref)}`);
  return <Loaded query={query}>{(operation) => <Operation operation={operation} />}</Loaded>;
}

function Operation({ operation }: { readonly operation: OperationView }): ReactNode {
  const { kind, plan, tasks, timeline, id } = operation;
  return (
    <Page
      title={`${kind} of ${plan}`}
      heading={
        <>
          {kind} of{' '}
          <Link to="/backups/$plan" params={{ plan }}>
            {plan}
          </Link>{' '}
          <OperationBadge operation={operation} />
        </>
      }
      actions={<Cancel operation={operation} />}
    >
      <Facts operation={operation} />
      {tasks
        .filter(({ closed }) => closed === null)
        .map((task) => (
          <Section key={task.id} title="Asked now">
            <TaskCard task={task} />
          </Section>
        ))}
      <Section title="Steps">
        <Table
          label="Steps"
          columns={stepColumns}
          rows={operation.steps}
          rowKey={({ what, startedAt }) => `${what}-${startedAt}`}
          empty={<EmptyState title="No step has ended yet" />}
        />
      </Section>
      <Assertions operation={operation} />
      <Section title="Runs">
        <Table
          label="Runs"
          columns={runColumns}
          rows={operation.runs}
          rowKey={(run) => run.id}
          empty={<EmptyState title="No runbook was started for it yet" />}
        />
      </Section>
      <Section title="Timeline" aside={<VerifiedBadge process={id} />}>
        <Timeline label="Timeline" facts={timeline} />
      </Section>
    </Page>
  );
}

function Facts({ operation }: { readonly operation: OperationView }): ReactNode {
  const { requester, reason, openedAt, endedAt, verdict, measured, set } = operation;
  return (
    <Section title="What became of it">
      <dl className="facts">
        {verdict !== null && (
          <>
            <dt>Verdict</dt>
            <dd>
              {isVerdict(verdict.verdict) ? verdictMeanings[verdict.verdict] : verdict.verdict}
              {verdict.at !== '' && ` At: ${verdict.at}`}
            </dd>
          </>
        )}
        {measured !== null && (
          <>
            <dt>Measured</dt>
            <dd>
              back after {measured.rtoMs === null ? 'an unknown time' : durationText(measured.rtoMs)}, lost{' '}
              {measured.rpoMs === null ? 'nobody knows how much' : durationText(measured.rpoMs)}
            </dd>
          </>
        )}
        {reason !== '' && (
          <>
            <dt>Why</dt>
            <dd>{reason}</dd>
          </>
        )}
        <dt>Asked for by</dt>
        <dd>{requester}</dd>
        {set !== null && (
          <>
            <dt>Set</dt>
            <dd className="mono">{set}</dd>
          </>
        )}
        <dt>Opened</dt>
        <dd>
          <Time at={openedAt} />, took <Elapsed from={openedAt} to={endedAt} />
        </dd>
      </dl>
    </Section>
  );
}

const stepColumns: readonly Column<OperationView['steps'][number]>[] = [
  { title: 'Step', cell: ({ what }) => what },
  { title: 'Started', cell: ({ startedAt }) => <Time at={startedAt} /> },
  { title: 'Took', cell: ({ startedAt, endedAt }) => <Elapsed from={startedAt} to={endedAt} />, align: 'end' },
];

const runColumns: readonly Column<OperationView['runs'][number]>[] = [
  {
    title: 'Run',
    cell: ({ number }) => (
      <Link to="/runs/$run" params={{ run: String(number) }}>
        Run {number}
      </Link>
    ),
  },
  { title: 'Runbook', cell: ({ runbook }) => runbook },
  { title: 'State', cell: ({ state, outcome }) => <RunBadge run={{ state, outcome, degraded: false }} /> },
  { title: 'Took', cell: ({ startedAt, endedAt }) => <Elapsed from={startedAt} to={endedAt} />, align: 'end' },
];

function Assertions({ operation: { assertions, evidence } }: { readonly operation: OperationView }): ReactNode {
  if (assertions.length === 0 && evidence === null) return null;
  return (
    <Section title="Assertions and evidence">
      {assertions.map(({ mutation, results }) => (
        <details key={mutation}>
          <summary>{mutation === '' ? 'On what was restored as it was' : `With the corruption ${mutation}`}</summary>
          <Code label={`Assertions ${mutation}`} text={JSON.stringify(results, null, 2)} />
        </details>
      ))}
      {evidence !== null && (
        <details>
          <summary>Evidence</summary>
          <Code label="Evidence" text={JSON.stringify(evidence, null, 2)} />
        </details>
      )}
    </Section>
  );
}

function Cancel({ operation: { id, kind, endedAt } }: { readonly operation: OperationView }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const forbidden = useRefusal('backup.run');
  const send = useSend<unknown, object>(`/backup-operations/${id}/cancel`, () => setIsOpen(false));
  const over = endedAt === null ? null : 'It is over.';
  return (
    <>
      <Button tone="danger" refused={forbidden ?? over} onClick={() => setIsOpen(true)}>
        Cancel
      </Button>
      <Dialog
        title={`Cancel this ${kind}`}
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        actions={
          <Button tone="danger" isBusy={send.isPending} onClick={() => send.mutate({})}>
            Cancel it
          </Button>
        }
      >
        <p>It cleans up first, which cannot be called off. A drill is then INTERRUPTED.</p>
        <Problem error={send.error} />
      </Dialog>
    </>
  );
}
