import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { useRead } from '../../use-api';
import { ChangeActions } from './change-actions';
import { ChangeBadge, RiskBadge } from './change-badge';
import { ChangeConflicts } from './change-conflicts';
import { ChangeDecision } from './change-decision';
import { ChangeRun } from './change-run';
import { ChangeStateLine } from './change-state-line';
import { ChangeTimeline } from './change-timeline';
import type { ChangeView } from './change-types';
import { draftIn, windowOf } from './draft-model';

export function ChangePage(): ReactNode {
  const { change: ref = '' } = useParams({ strict: false });
  const query = useRead<ChangeView>(`/changes/${encodeURIComponent(ref)}`);
  return <Loaded query={query}>{(change) => <Change change={change} />}</Loaded>;
}

function Change({ change }: { readonly change: ChangeView }): ReactNode {
  const { number, title, flags } = change;
  return (
    <Page
      title={`CHG-${number} ${title}`}
      heading={
        <>
          CHG-{number} {title} <ChangeBadge change={change} />
          {flags.map((flag) => (
            <Badge key={flag} tone="bad">
              {flag}
            </Badge>
          ))}
        </>
      }
      actions={<ChangeActions change={change} />}
    >
      <ChangeStateLine change={change} />
      <div className="columns">
        <Facts change={change} />
        <ChangeConflicts change={change} />
      </div>
      <ChangeDecision change={change} />
      <ChangeRun change={change} />
      <ChangeTimeline change={change} />
    </Page>
  );
}

function Facts({ change }: { readonly change: ChangeView }): ReactNode {
  const { assessed, times, requester, assignees, items, model, plan } = change;
  const draft = draftIn(change.draft);
  const window = windowOf(change);
  return (
    <Section title="What and when">
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
    </Section>
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
