import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { GrantText } from '../../kit/grant-text';
import { Section } from '../../kit/page';
import { Paged } from '../../kit/paged';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { useWhole } from '../../use-api';
import { newestGrants } from './grant-model';
import type { GrantDocument } from './grant-model';

/** Who may do what, as it is published: versions and authors stand with each definition. */
export function PublishedGrants(): ReactNode {
  const [{ q = '' }] = useFilters();
  const pages = useWhole('GET /definitions', { query: { kind: 'Grant', text: true } });
  return (
    <>
      <Filters fields={fields} />
      <Section title="Grants">
        <Paged query={pages}>
          {(all) => {
            const grants = newestGrants(all.flatMap(({ definitions }) => definitions.filter((one) => 'text' in one)));
            return (
              <Table
                label="Published grants"
                columns={columns}
                rows={grants.filter(({ name, to }) => [name, ...to].join(' ').toLowerCase().includes(q.toLowerCase()))}
                rowKey={({ name }) => name}
                empty={<NoGrants title={grants.length === 0 ? 'No grant is published' : 'No grant fits'} />}
              />
            );
          }}
        </Paged>
      </Section>
    </>
  );
}

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'q', title: 'Search', placeholder: 'grant, person, team' },
];

function NoGrants({ title }: { readonly title: string }): ReactNode {
  return (
    <EmptyState title={title}>
      <p>
        A grant gives a role to people, teams or groups of the identity provider, everywhere or where labels fit. As
        long as there is none, whoever holds the admin token or a sign-in link may do everything.{' '}
        <Link to="/editor" search={{ kind: 'Grant' }}>
          Write one
        </Link>
        .
      </p>
    </EmptyState>
  );
}

const columns: readonly Column<GrantDocument>[] = [
  {
    title: 'Grant',
    cell: ({ name }) => (
      <Link to="/definitions/$kind/$name" params={{ kind: 'Grant', name }}>
        {name}
      </Link>
    ),
  },
  { title: 'To', cell: ({ to }) => (to.length === 0 ? 'nobody' : to.join(', ')) },
  { title: 'Role', cell: ({ grant }) => (grant === null ? 'not readable here' : <GrantText grants={[grant]} />) },
];
