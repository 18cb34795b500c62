import type { ReactNode } from 'react';

import type { PlanDescription, RunView } from '../../answers';
import { StepBadge } from '../../kit/state-badge';
import { Table } from '../../kit/table';
import type { Column } from '../../kit/table';
import { Elapsed, Time } from '../../kit/time';
import { Badge } from '../../kit/badge';
import type { Tone } from '../../tone';
import { approvedPlan } from './approved-plan';
import type { ApprovedPlan } from './approved-plan';
import { flat, stepTree } from './step-tree';
import type { TreeStep } from './step-tree';

/** Every step of the plan beside what became of it. */
export function PlanAgainstRun({ plan, run }: { readonly plan: PlanDescription; readonly run: RunView }): ReactNode {
  const { tone, text } = verdicts[approvedPlan(run)];
  return (
    <>
      <p>
        <Badge tone={tone}>{text}</Badge> <span className="mono">{run.planHash}</span>
      </p>
      <Table
        label="Steps of the plan and what became of them"
        columns={columns}
        rows={flat(stepTree(plan, run.steps))}
        rowKey={({ path }) => path}
        empty={<p className="muted">The plan has no steps.</p>}
      />
    </>
  );
}

const verdicts: { readonly [K in ApprovedPlan]: { readonly tone: Tone; readonly text: string } } = {
  approved: { tone: 'good', text: 'What was approved is what ran' },
  other: { tone: 'bad', text: 'Something else was approved than what ran' },
  'not-yet': { tone: 'wait', text: 'Nobody has approved it yet' },
  'nobody-asked': { tone: 'neutral', text: 'Nobody had to approve it' },
};

const columns: readonly Column<TreeStep>[] = [
  { title: 'Step', cell: ({ path }) => <span className="mono">{path}</span> },
  { title: 'Does', cell: ({ verb }) => verb, isMinor: true },
  {
    title: 'Became',
    cell: ({ ran }) => (ran === null ? <span className="muted">not reached</span> : <StepBadge status={ran.status} />),
  },
  { title: 'Attempts', cell: ({ ran }) => ran?.attempts ?? '–', align: 'end', isMinor: true },
  { title: 'Started', cell: ({ ran }) => <Time at={ran?.startedAt ?? null} />, isMinor: true },
  {
    title: 'Took',
    cell: ({ ran }) => <Elapsed from={ran?.startedAt ?? null} to={ran?.endedAt ?? null} />,
    align: 'end',
  },
];
