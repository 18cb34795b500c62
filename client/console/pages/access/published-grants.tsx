import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { DefinitionView } from '../../answers';
import { EmptyState } from '../../kit/empty-state';
import { GrantText } from '../../kit/grant-text';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { useRead } from '../../use-api';
import { newestGrants } from './grant-model';
import type { GrantDocument } from './grant-model';

/** Who may do what, as it is published: versions and authors stand with each definition. */
export function PublishedGrants(): ReactNode {
  const query = useRead<{ readonly definitions: readonly DefinitionView[] }>('/definitions', {
    kind: 'Grant',
    text: true,
  });
  return (
    <Section title="Grants">
      <Loaded query={query}>
        {({ definitions }) => (
          <Table
            label="Published grants"
            columns={columns}
            rows={newestGrants(definitions)}
            rowKey={({ name }) => name}
            empty={
              <EmptyState title="No grant is published">
                <p>
                  A grant gives a role to people, teams or groups of the identity provider, everywhere or where labels
                  fit. As long as there is none, whoever holds the admin token or a sign-in link may do everything.{' '}
                  <Link to="/editor" search={{ kind: 'Grant' }}>
                    Write one
                  </Link>
                  .
                </p>
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </Section>
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
