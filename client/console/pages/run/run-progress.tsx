import type { ReactNode } from 'react';
import { useMemo } from 'react';

import type { RunPlan, RunView } from '../../answers';
import { useFilters } from '../../filters';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { useRead } from '../../use-api';
import { HostSection } from './host-section';
import { StepFacts } from './step-facts';
import { StepGraph } from './step-graph';
import { StepTimeline } from './step-timeline';
import { flat, stepTree } from './step-tree';
import { usualDurations } from './timeline-model';

/** How it goes on: graph, timeline, and for the chosen step its hosts. The chosen step is in the address. */
export function RunProgress({ run }: { readonly run: RunView }): ReactNode {
  const plan = useRead('GET /runs/:ref/plan', { params: { ref: run.id } });
  return <Loaded query={plan}>{(data) => <Progress run={run} plan={data} />}</Loaded>;
}

interface ProgressProps {
  readonly run: RunView;
  readonly plan: RunPlan;
}

function Progress({ run, plan }: ProgressProps): ReactNode {
  const [{ step: selected = null }, setFilters] = useFilters();
  const tree = useMemo(() => stepTree(plan.description, run.steps), [plan, run.steps]);
  const usual = useMemo(() => usualDurations(plan.units), [plan]);
  const chosen = flat(tree).find(({ path }) => path === selected) ?? null;
  function select(path: string): void {
    setFilters({ step: path === selected ? '' : path, host: '' });
  }
  return (
    <>
      <Section title="Steps">
        <StepGraph tree={tree} selected={selected} onSelect={(path) => setFilters({ step: path, host: '' })} />
      </Section>
      <Section title="Planned against actual">
        <StepTimeline
          tree={tree}
          startMs={Date.parse(run.startedAt ?? run.createdAt)}
          usual={usual}
          selected={selected}
          onSelect={select}
        />
      </Section>
      {chosen !== null && <StepFacts step={chosen} listed={run.steps} />}
      <HostSection run={run} step={selected} />
    </>
  );
}
