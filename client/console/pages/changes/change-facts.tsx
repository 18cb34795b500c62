import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Time } from '../../kit/time';
import { RiskBadge } from './change-badge';
import type { ChangeView } from './change-types';
import { draftIn, windowOf } from './draft-model';

/** What it does, to what, when, and who wants it. */
export function ChangeFacts({ change }: { readonly change: ChangeView }): ReactNode {
  const { assessed, times, requester, assignees, items, model, plan } = change;
  const draft = draftIn(change.draft);
  const window = windowOf(change);
  return (
    <dl className="facts">
      <Fact title="Runbook">
        {draft.runbook === '' ? '–' : draft.runbook} {plan !== null && `on ${plan.hosts} hosts`}
      </Fact>
      <Fact title="Window">
        <Time at={window?.startMs ?? null} /> to <Time at={window?.endMs ?? null} />
      </Fact>
      {times !== null && (
        <Fact title="No new work after">
          <Time at={times.cutoffAtMs} />
        </Fact>
      )}
      {times !== null && (
        <Fact title="Backs out at the latest">
          <Time at={times.decideAtMs} />
        </Fact>
      )}
      <Fact title="Model">
        <Link to="/definitions/$kind/$name" params={{ kind: 'ChangeModel', name: model.split('@')[0] ?? model }}>
          {model}
        </Link>{' '}
        {assessed !== null && <RiskBadge risk={assessed.risk} score={assessed.score} />}
      </Fact>
      <Fact title="Requester">{requester}</Fact>
      {assignees.length > 0 && <Fact title="Assignees">{assignees.join(', ')}</Fact>}
      {items.length > 0 && <Fact title="Items">{items.join(', ')}</Fact>}
      {draft.texts.map(({ title, text }) => (
        <Fact key={title} title={title}>
          {text}
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  );
}
