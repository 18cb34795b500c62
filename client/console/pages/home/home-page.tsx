import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { useRead } from '../../use-api';
import { wording } from '../../wording';
import { RunTable } from '../runs/run-table';
import { TaskRows } from '../tasks/task-rows';
import { Upcoming } from './upcoming';

const shown = 8;

/** What needs me first; then what goes on, what went wrong, and what is about to come. */
export function HomePage(): ReactNode {
  return (
    <Page
      title={wording.nav.home}
      actions={
        <Link to="/start" className="button button-primary">
          {wording.startRun}
        </Link>
      }
    >
      <NeedsMe />
      <Running />
      <div className="columns">
        <FailedLately />
        <Upcoming />
      </div>
    </Page>
  );
}

function NeedsMe(): ReactNode {
  const tasks = useRead('GET /tasks', { query: { mine: true } });
  return (
    <Section title="Needs me" aside={<Link to="/tasks">All tasks</Link>}>
      <Loaded query={tasks}>
        {(list) => (
          <TaskRows
            list={list}
            most={shown}
            empty={
              <EmptyState title="Nothing waits for you">
                Approvals, manual steps and questions of runs appear here as soon as you are asked.
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </Section>
  );
}

function Running(): ReactNode {
  const running = useRead('GET /runs', { query: { state: 'running', limit: shown } });
  const waiting = useRead('GET /runs', { query: { state: 'waiting', limit: shown } });
  const paused = useRead('GET /runs', { query: { state: 'paused', limit: shown } });
  return (
    <Section title="Running" aside={<Link to="/runs">All runs</Link>}>
      <Loaded query={running}>
        {({ runs }) => (
          <RunTable
            label="Runs that go on"
            runs={[...runs, ...(waiting.data?.runs ?? []), ...(paused.data?.runs ?? [])].toSorted(
              (one, other) => other.number - one.number,
            )}
            empty={
              <EmptyState title="Nothing runs now">
                <Link to="/start">{wording.startRun}</Link>, or wait for the next schedule.
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </Section>
  );
}

function FailedLately(): ReactNode {
  const failed = useRead('GET /runs', { query: { outcome: 'failed', limit: shown } });
  return (
    <Section
      title="Failed lately"
      aside={
        <Link to="/runs" search={{ outcome: 'failed' }}>
          All that failed
        </Link>
      }
    >
      <Loaded query={failed}>
        {({ runs }) => (
          <RunTable
            label="Runs that failed"
            runs={runs}
            empty={<EmptyState title="No run has failed">A run that fails stays here, with where and why.</EmptyState>}
          />
        )}
      </Loaded>
    </Section>
  );
}
