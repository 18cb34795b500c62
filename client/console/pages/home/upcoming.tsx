import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { EmptyState } from '../../kit/empty-state';
import { Problem } from '../../kit/problem';
import { Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { useRead } from '../../use-api';
import { comingUp } from './coming-up';

const mostShown = 8;
const drillDays = 14;

/** Changes with a window ahead, and drills that are due: one list by time. */
export function Upcoming(): ReactNode {
  const changes = useRead('GET /changes', { query: { open: true } });
  const drills = useRead('GET /backup-drills', { query: { days: drillDays } });
  const coming = comingUp(changes.data?.changes ?? [], drills.data?.planned ?? []).slice(0, mostShown);
  return (
    <Section title="Coming up">
      <Problem error={changes.error ?? drills.error} />
      {coming.length === 0 ? (
        <EmptyState title="Nothing is planned">
          Changes with a window and restore drills of the next {drillDays} days appear here.
        </EmptyState>
      ) : (
        <ul className="rows">
          {coming.map((entry) => (
            <li key={`${entry.kind}/${entry.name}/${entry.atMs}`}>
              <span className="row-kind">{entry.kind === 'change' ? 'Change' : 'Drill'}</span>
              <span className="row-main">
                {entry.kind === 'change' ? (
                  <Link to="/changes/$change" params={{ change: entry.name }}>
                    {entry.name}
                  </Link>
                ) : (
                  <Link to="/backups/$plan" params={{ plan: entry.name }}>
                    {entry.name}
                  </Link>
                )}{' '}
                {entry.title}
              </span>
              <Time at={entry.atMs} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
