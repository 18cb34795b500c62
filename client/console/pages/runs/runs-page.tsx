import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Page, Section } from '../../kit/page';
import { Paged } from '../../kit/paged';
import { usePages } from '../../use-api';
import { wording } from '../../wording';
import { RunTable } from './run-table';

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'q', title: 'Search', placeholder: 'number, runbook, input, host …' },
  {
    kind: 'choice',
    name: 'state',
    title: 'State',
    options: options(['pending', 'running', 'waiting', 'paused', 'closed']),
  },
  {
    kind: 'choice',
    name: 'outcome',
    title: 'Outcome',
    options: options(['succeeded', 'failed', 'cancelled', 'undone', 'undo-failed', 'checked']),
  },
  { kind: 'text', name: 'definition', title: 'Runbook', placeholder: 'web/upgrade' },
  { kind: 'text', name: 'requester', title: 'Requester', placeholder: 'user/anna' },
  { kind: 'text', name: 'label', title: 'Label', placeholder: 'environment:production' },
];

export function RunsPage(): ReactNode {
  const [filters] = useFilters();
  const query = Object.fromEntries(
    fields.flatMap(({ name }) => (filters[name] === undefined ? [] : [[name, filters[name]]])),
  );
  const pages = usePages('GET /runs', { query: { limit: 50 }, filters: query });
  const isFiltered = Object.keys(query).length > 0;
  return (
    <Page
      title={wording.nav.runs}
      actions={
        <Link to="/start" className="button button-primary">
          {wording.startRun}
        </Link>
      }
    >
      <Filters fields={fields} />
      <Section title="All runs, newest first">
        <Paged query={pages}>
          {(all) => (
            <RunTable
              label="Runs"
              runs={all.flatMap(({ runs }) => runs)}
              empty={isFiltered ? <NothingFits /> : <NothingYet />}
            />
          )}
        </Paged>
      </Section>
    </Page>
  );
}

function NothingFits(): ReactNode {
  return <EmptyState title="No run fits these filters">Clear one of them, or look for a part of a name.</EmptyState>;
}

function NothingYet(): ReactNode {
  return (
    <EmptyState title="Nothing has run yet">
      A run carries out a runbook: publish one with <code className="mono">mainstay apply FILE</code>, then{' '}
      <Link to="/start">start it here</Link>.
    </EmptyState>
  );
}

function options(values: readonly string[]): readonly { readonly value: string; readonly title: string }[] {
  return values.map((value) => ({ value, title: value }));
}
