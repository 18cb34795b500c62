import type { ReactNode } from 'react';

import type { RunView } from '../../answers';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { PlanPreview } from '../../plan/plan-preview';
import { useRead } from '../../use-api';
import { PlanAgainstRun } from './plan-against-run';

/** The plan that was approved, and what ran of it. */
export function RunPlanView({ run }: { readonly run: RunView }): ReactNode {
  const plan = useRead('GET /runs/:ref/plan', { params: { ref: run.id } });
  return (
    <Loaded query={plan}>
      {({ description }) => (
        <>
          <Section title="Plan against what ran">
            <PlanAgainstRun plan={description} run={run} />
          </Section>
          <Section title="The plan">
            <PlanPreview plan={description} />
          </Section>
        </>
      )}
    </Loaded>
  );
}
