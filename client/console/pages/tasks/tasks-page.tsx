import type { ReactNode } from 'react';

import type { TaskList } from '../../answers';
import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Page, Section } from '../../kit/page';
import { Paged } from '../../kit/paged';
import { usePages } from '../../use-api';
import { wording } from '../../wording';
import { TaskRows } from './task-rows';

const fields: readonly FilterField[] = [
  {
    kind: 'choice',
    name: 'whose',
    title: 'Whose',
    none: 'Mine',
    options: [{ value: 'all', title: 'Everybody’s' }],
  },
  {
    kind: 'choice',
    name: 'closed',
    title: 'Closed',
    none: 'Open ones only',
    options: [{ value: 'true', title: 'Closed ones too' }],
  },
  { kind: 'text', name: 'run', title: 'Of', placeholder: '7 or CHG-12' },
];

/** Everything that runs, changes and backups ask of people. */
export function TasksPage(): ReactNode {
  const [{ whose, closed, run }] = useFilters();
  const pages = usePages('GET /tasks', {
    query: {
      ...(whose === 'all' ? {} : { mine: true }),
      ...(closed === 'true' ? { all: true } : {}),
      limit: 50,
    },
    filters: { run },
  });
  return (
    <Page title={wording.nav.tasks}>
      <Filters fields={fields} />
      <Section title={whose === 'all' ? 'Tasks' : 'Tasks for me'}>
        <Paged query={pages}>
          {(all) => (
            <TaskRows
              list={joined(all)}
              empty={
                <EmptyState title="Nothing waits for an answer">
                  Runs ask people to approve, to do something by hand, or to decide what an unclear outcome means. What
                  is asked of you is told by mail or chat as well, where they are set up.
                </EmptyState>
              }
            />
          )}
        </Paged>
      </Section>
    </Page>
  );
}

function joined(pages: readonly TaskList[]): TaskList {
  return {
    tasks: pages.flatMap(({ tasks }) => tasks),
    subjects: Object.fromEntries(pages.flatMap(({ subjects }) => Object.entries(subjects))),
  };
}
