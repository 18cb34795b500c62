import { Link } from '@tanstack/react-router';
import type { infer as Infer } from 'zod';
import type { ReactNode } from 'react';

import type * as authoring from '../../../api/authoring-schema';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { useRead } from '../../use-api';

type People = Infer<typeof authoring.PersonList>;
type Person = People['people'][number];

const fields: readonly FilterField[] = [{ kind: 'text', name: 'q', title: 'Search', placeholder: 'name or team' }];

export function PeopleList(): ReactNode {
  const [{ q = '' }] = useFilters();
  const query = useRead<People>('/people');
  return (
    <>
      <Filters fields={fields} />
      <Section title="People">
        <Loaded query={query}>
          {({ people }) => (
            <Table
              label="Published people"
              columns={columns}
              rows={people.filter((person) => textOf(person).includes(q.toLowerCase()))}
              rowKey={({ reference }) => reference}
              empty={
                <EmptyState title={people.length === 0 ? 'Nobody is published' : 'Nobody fits'}>
                  <p>
                    A person says how somebody is reached: mail, chat, zone, when they are away.{' '}
                    <Link to="/editor" search={{ kind: 'Person' }}>
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

function textOf({ reference, name, teams }: Person): string {
  return [reference, name ?? '', ...teams].join(' ').toLowerCase();
}

const columns: readonly Column<Person>[] = [
  {
    title: 'Person',
    cell: ({ reference, name }) => (
      <Link to="/definitions/$kind/$name" params={{ kind: 'Person', name: reference.replace(/^user\//, '') }}>
        {reference} <span className="row-title">{name}</span>
      </Link>
    ),
  },
  {
    title: 'Standing',
    cell: ({ active }) => <Badge tone={active ? 'good' : 'neutral'}>{active ? 'active' : 'left'}</Badge>,
  },
  { title: 'Teams', cell: ({ teams }) => (teams.length === 0 ? '–' : teams.join(', ')) },
  { title: 'Mail', cell: ({ email }) => email ?? '–', isMinor: true },
  { title: 'Zone', cell: ({ zone }) => zone ?? '–', isMinor: true },
];
