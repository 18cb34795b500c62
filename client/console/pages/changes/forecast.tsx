import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import { Time } from '../../kit/time';
import { durationText } from '../../time-text';
import { RiskBadge, VerdictBadge } from './change-badge';
import type { ChangePreview } from './change-types';

type Planned = NonNullable<ChangePreview['planned']>;

/** Problems first: with one of them it would be refused. */
export function Forecast({ preview: { problems, planned } }: { readonly preview: ChangePreview }): ReactNode {
  return (
    <>
      {problems.length === 0 ? (
        <p>
          <Badge tone="good">It would be taken</Badge>
        </p>
      ) : (
        <div className="problem" role="status">
          <p className="problem-text">It would be refused:</p>
          <ul>
            {problems.map(({ code, message }) => (
              <li key={`${code} ${message}`}>
                {message} <span className="problem-code">{code}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {planned !== null && <Facts planned={planned} />}
    </>
  );
}

function Facts({ planned }: { readonly planned: Planned }): ReactNode {
  const { model, assessment, plan, times, approvers, conflicts } = planned;
  return (
    <dl className="facts">
      <dt>Risk</dt>
      <dd>
        <RiskBadge risk={assessment.risk} score={assessment.score} /> {model.type}
      </dd>
      <dt>Plan</dt>
      <dd>
        {plan.definition.name}@{plan.definition.version} on {plan.hosts} hosts{' '}
        <span className="mono">{plan.planHash}</span>
      </dd>
      <dt>Takes</dt>
      <dd>
        mostly below {durationText(plan.work.p95Ms)}, its back-out below {durationText(plan.work.backOutP95Ms)} (
        {plan.source})
      </dd>
      <dt>No new work after</dt>
      <dd>
        <Time at={times.cutoffAtMs} />
      </dd>
      <dt>Backs out at the latest</dt>
      <dd>
        <Time at={times.decideAtMs} />
      </dd>
      <dt>Asks</dt>
      <dd>
        {approvers.length === 0 ? 'nobody' : null}
        <ul>
          {approvers.map(({ level, slot, quorum, people, candidates }) => (
            <li key={`${level}-${slot}`}>
              {level}: {quorum} of {(people.length > 0 ? people : candidates).join(', ')}
              {people.length === 0 && ' (nobody is in it)'}
            </li>
          ))}
        </ul>
      </dd>
      <dt>Conflicts</dt>
      <dd>
        <VerdictBadge verdict={conflicts.verdict} />
        <ul>
          {conflicts.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}
