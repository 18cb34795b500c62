import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Page, Section } from '../../kit/page';
import { Paged } from '../../kit/paged';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { useWhole } from '../../use-api';
import { wording } from '../../wording';
import { byKind } from './definition-model';
import type { ListedDefinition } from './definition-model';
import { useKinds } from './use-kinds';

export function DefinitionsPage(): ReactNode {
  const [{ kind, q = '' }] = useFilters();
  const kinds = useKinds();
  const pages = useWhole('GET /definitions', { filters: { kind } }, q !== '');
  const fields: readonly FilterField[] = [
    { kind: 'choice', name: 'kind', title: 'Kind', options: kinds.map((value) => ({ value, title: value })) },
    { kind: 'text', name: 'q', title: 'Search', placeholder: 'part of a name' },
  ];
  return (
    <Page
      title={wording.nav.definitions}
      actions={
        <Link className="button button-primary" to="/editor" search={{ kind: kind ?? 'Runbook' }}>
          Write a definition
        </Link>
      }
    >
      <Filters fields={fields} />
      <Paged query={pages}>
        {(all) => {
          const groups = byKind(
            all.flatMap(({ definitions }) => definitions),
            q,
          );
          return groups.length === 0 ? (
            <NoDefinitions />
          ) : (
            groups.map(([name, rows]) => (
              <Section key={name} title={name}>
                <Table
                  label={`Definitions of kind ${name}`}
                  columns={name === 'Runbook' ? [...columns, start] : columns}
                  rows={rows}
                  rowKey={(row) => row.name}
                  empty={null}
                />
              </Section>
            ))
          );
        }}
      </Paged>
    </Page>
  );
}

const columns: readonly Column<ListedDefinition>[] = [
  {
    title: 'Name',
    cell: ({ kind, name }) => (
      <Link to="/definitions/$kind/$name" params={{ kind, name }}>
        {name}
      </Link>
    ),
  },
  { title: 'Newest', cell: ({ version }) => version },
  { title: 'Versions', cell: ({ versions }) => versions, align: 'end' },
];

const start: Column<ListedDefinition> = {
  title: 'Do',
  cell: ({ name }) => (
    <Link to="/start/$runbook" params={{ runbook: name }}>
      {wording.startRun}
    </Link>
  ),
  isMinor: true,
};

function NoDefinitions(): ReactNode {
  return (
    <EmptyState title="No definition fits">
      <p>
        Definitions say what runs and who decides: runbooks, inventories, teams, policies, calendars, change models,
        backup plans. Write one here, or publish files with <code>mainstay apply FILE</code>.
      </p>
    </EmptyState>
  );
}
