import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { RunView } from '../../answers';
import { Section } from '../../kit/page';
import { ShownFact } from '../../kit/shown-fact';
import { Elapsed, Time } from '../../kit/time';

/** What it is, who wanted it, and how it stands. */
export function RunHeader({ run }: { readonly run: RunView }): ReactNode {
  return (
    <Section title={run.definition.title === '' ? run.definition.name : run.definition.title}>
      {(run.state === 'waiting' || run.state === 'paused') && run.reason !== '' && (
        <p className="standing">{run.reason}</p>
      )}
      {run.error !== null && (
        <p className="standing bad" role="status">
          {run.error.step !== undefined && <strong>{run.error.step}: </strong>}
          {run.error.message} <span className="mono">{run.error.code}</span>
        </p>
      )}
      <dl className="facts">
        <dt>Runbook</dt>
        <dd>
          <Link to="/start/$runbook" params={{ runbook: run.definition.name }}>
            {`${run.definition.name}@${run.definition.version}`}
          </Link>{' '}
          <span className="muted">of {run.definition.owner}</span>
        </dd>
        <dt>Requester</dt>
        <dd>{run.requester}</dd>
        <dt>Started</dt>
        <dd>
          <Time at={run.startedAt ?? run.createdAt} />
        </dd>
        <dt>{run.endedAt === null ? 'Runs for' : 'Took'}</dt>
        <dd>
          <Elapsed from={run.startedAt} to={run.endedAt} />
        </dd>
        {run.parent !== null && (
          <>
            <dt>Part of</dt>
            <dd>
              <Link to="/runs/$run" params={{ run: run.parent }}>
                {run.parent}
              </Link>
            </dd>
          </>
        )}
        {run.undone.length > 0 && (
          <>
            <dt>Taken back</dt>
            <dd>{run.undone.join(', ')}</dd>
          </>
        )}
        {Object.entries({ ...run.inputs, ...run.outputs }).map(([name, value]) => (
          <ShownFact key={name} name={name} value={value} title={name in run.outputs ? `→ ${name}` : name} />
        ))}
      </dl>
    </Section>
  );
}
