import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';

import { Button } from '../../kit/button';
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
import { useRead, useSend } from '../../use-api';
import { TaskCard } from '../tasks/task-card';
import type { OperationView } from './backup-types';
import { OperationFacts } from './operation-facts';
import { OperationProof } from './operation-proof';
import { OperationBadge } from './operation-table';
import { capitalised } from '../../wording';

export function OperationPage(): ReactNode {
  const { operation: ref = '' } = useParams({ strict: false });
  const query = useRead('GET /backup-operations/:ref', { params: { ref } });
  return <Loaded query={query}>{(operation) => <Operation operation={operation} />}</Loaded>;
}

function Operation({ operation }: { readonly operation: OperationView }): ReactNode {
  const { kind, plan, tasks, timeline, id } = operation;
  return (
    <Page
      title={`${capitalised(kind)} of ${plan}`}
      heading={
        <>
          {capitalised(kind)} of{' '}
          <Link to="/backups/$plan" params={{ plan }}>
            {plan}
          </Link>{' '}
          <OperationBadge operation={operation} />
        </>
      }
      actions={<Cancel operation={operation} />}
    >
      <Section title="What became of it">
        <OperationFacts operation={operation} />
      </Section>
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
      <OperationProof operation={operation} />
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

function Cancel({ operation: { id, kind, endedAt } }: { readonly operation: OperationView }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const forbidden = useRefusal('backup.run');
  const send = useSend('POST /backup-operations/:ref/cancel', { params: { ref: id } }, () => setIsOpen(false));
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
