import type { ReactNode } from 'react';

import type { StepView } from '../../answers';
import { Section } from '../../kit/page';
import { ShownValue } from '../../kit/shown-value';
import { StepBadge } from '../../kit/state-badge';
import { Elapsed, Time } from '../../kit/time';
import { nameOf } from './step-tree';
import type { TreeStep } from './step-tree';

export interface StepFactsProps {
  readonly step: TreeStep;
  readonly listed: readonly StepView[];
}

/** The chosen step: every time it ran, with what it gave or why it failed. */
export function StepFacts({ step, listed }: StepFactsProps): ReactNode {
  const runs = listed.filter(({ path }) => nameOf(path) === step.path);
  return (
    <Section title={`Step ${step.path}`}>
      {runs.length === 0 && <p className="muted">It was not reached.</p>}
      <ul className="rows">
        {runs.map((ran) => (
          <li key={`${ran.path}/${ran.phase}/${ran.generation}`}>
            <StepBadge status={ran.status} />
            <span className="row-main">
              <span className="mono">{ran.path}</span>
              {ran.phase !== 'do' && <span className="muted"> {ran.phase}</span>}
              {ran.attempts > 1 && <span className="muted"> after {ran.attempts} attempts</span>}
              {ran.error !== null && <p className="bad">{ran.error.message}</p>}
              {Object.entries(ran.outputs).map(([name, value]) => (
                <div key={name} className="small">
                  <span className="muted">{name}</span> <ShownValue value={value} label={name} />
                </div>
              ))}
            </span>
            <span>
              <Time at={ran.startedAt} /> · <Elapsed from={ran.startedAt} to={ran.endedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
