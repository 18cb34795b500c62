import type { ReactNode } from 'react';

import type { PlanDescription, StepDescription } from '../answers';
import { Badge } from '../kit/badge';
import { durationText } from '../time-text';

/** A plan as people read it before anything runs: hosts by wave, what is done in which words, who is asked, and its hash. */
export function PlanPreview({ plan }: { readonly plan: PlanDescription }): ReactNode {
  return (
    <div className="plan">
      <dl className="facts">
        <dt>Runbook</dt>
        <dd>
          {plan.definition.title} <span className="muted">{`${plan.definition.name}@${plan.definition.version}`}</span>
        </dd>
        <dt>Plan</dt>
        <dd className="mono">{plan.planHash}</dd>
        <dt>Hosts</dt>
        <dd>{plan.hostCount}</dd>
        <dt>Takes</dt>
        <dd>{takesText(plan)}</dd>
        <dt>On failure</dt>
        <dd>{plan.onFailure}</dd>
        {plan.locks.length > 0 && (
          <>
            <dt>Locks</dt>
            <dd>{plan.locks.join(', ')}</dd>
          </>
        )}
        {Object.entries(plan.teams).map(([team, members]) => (
          <Members key={team} team={team} members={members} />
        ))}
      </dl>
      <Steps steps={plan.steps} />
      {plan.finally.length > 0 && (
        <>
          <h3>Finally</h3>
          <Steps steps={plan.finally} />
        </>
      )}
    </div>
  );
}

function Members({ team, members }: { readonly team: string; readonly members: readonly string[] | null }): ReactNode {
  return (
    <>
      <dt>{team}</dt>
      <dd>{members === null ? 'members are not known here' : members.join(', ') || 'nobody'}</dd>
    </>
  );
}

interface StepsProps {
  readonly steps: readonly StepDescription[];
}

function Steps({ steps }: StepsProps): ReactNode {
  return (
    <ol className="plan-steps">
      {steps.map((step) => (
        <li key={step.at}>
          <p>
            <strong>{step.name ?? step.id}</strong> <span className="muted">{step.verb}</span>{' '}
            {step.effect !== null && <Badge tone={step.effect === 'unsafe' ? 'odd' : 'neutral'}>{step.effect}</Badge>}
          </p>
          {step.does.length > 0 && <pre className="plan-does">{step.does.join('\n')}</pre>}
          <StepLines step={step} />
          {step.waves.length > 0 && <Waves waves={step.waves} />}
          {step.steps.map(({ label, steps: inner }) => (
            <div key={label}>
              {label !== '' && <p className="muted">{label}</p>}
              <Steps steps={inner} />
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}

function StepLines({ step }: { readonly step: StepDescription }): ReactNode {
  const lines = [
    ...(step.where === null ? [] : [`on ${step.where}`]),
    ...(step.as === null ? [] : [`as ${step.as}`]),
    ...(step.condition === null ? [] : [`if ${step.condition}`]),
    ...(step.policy === null ? [] : [`takes ${step.policy}`]),
    ...(step.asks.length === 0 ? [] : [`asks ${step.asks.join(', ')}`]),
    ...(step.locks.length === 0 ? [] : [`locks ${step.locks.join(', ')}`]),
    ...(step.undo === null ? [] : [`undo: ${step.undo.join('; ')}`]),
    ...step.gate.map((gate) => `gate: ${gate}`),
    ...step.details,
  ];
  return lines.map((line) => (
    <p key={line} className="muted small">
      {line}
    </p>
  ));
}

/** So many names are read at a glance; more are a tap away. */
const mostOpen = 40;

function Waves({ waves }: { readonly waves: StepDescription['waves'] }): ReactNode {
  return (
    <ul className="plan-waves" aria-label="Waves">
      {waves.map(({ index, count, hosts, domain }) => (
        <li key={index}>
          <details open={hosts.length <= mostOpen}>
            <summary>
              Wave {index}: {count} {count === 1 ? 'host' : 'hosts'}
              {domain !== null && ` in ${domain}`}
            </summary>
            <p className="mono">{hosts.join(', ')}</p>
          </details>
        </li>
      ))}
    </ul>
  );
}

function takesText({ estimate, prediction }: PlanDescription): string {
  const { forward } = estimate;
  const people = prediction.waitsForPeople ? ', and the time that people take' : '';
  if (forward.source === 'none')
    return `${prediction.atLeast ? 'not known yet' : durationText(prediction.ms)}${people}`;
  return `about ${durationText(forward.p50Ms)}, mostly below ${durationText(forward.p90Ms)} (${forward.source})${people}`;
}
