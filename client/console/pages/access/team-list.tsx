import { Link } from '@tanstack/react-router';
import type { infer as Infer } from 'zod';
import type { ReactNode } from 'react';

import type * as authoring from '../../../api/authoring-schema';
import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { useRead } from '../../use-api';

type Teams = Infer<typeof authoring.TeamList>;
type Team = Teams['teams'][number];

const fields: readonly FilterField[] = [{ kind: 'text', name: 'q', title: 'Search', placeholder: 'team or member' }];

export function TeamList(): ReactNode {
  const [{ q = '' }] = useFilters();
  const query = useRead<Teams>('/teams');
  return (
    <>
      <Filters fields={fields} />
      <Section title="Teams">
        <Loaded query={query}>
          {({ teams }) => (
            <Table
              label="Published teams"
              columns={columns}
              rows={teams.filter(({ reference, title, members }) =>
                [reference, title, ...members].join(' ').toLowerCase().includes(q.toLowerCase()),
              )}
              rowKey={({ reference }) => reference}
              empty={
                <EmptyState title={teams.length === 0 ? 'No team is published' : 'No team fits'}>
                  <p>
                    Policies, models and runbooks ask teams. Those that come with Mainstay are empty until you publish
                    your own: change-managers, change-board, duty-managers.{' '}
                    <Link to="/editor" search={{ kind: 'Team' }}>
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
    </>
  );
}

const columns: readonly Column<Team>[] = [
  {
    title: 'Team',
    cell: ({ reference, title }) => (
      <Link to="/definitions/$kind/$name" params={{ kind: 'Team', name: reference.replace(/^team\//, '') }}>
        {reference} <span className="row-title">{title}</span>
      </Link>
    ),
  },
  { title: 'Members', cell: ({ members }) => (members.length === 0 ? 'nobody' : members.join(', ')) },
  { title: 'Version', cell: ({ version }) => version, isMinor: true },
];
