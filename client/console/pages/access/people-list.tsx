import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import type { FilterField } from '../../kit/filters';
import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import type { Column } from '../../kit/table';

type Person = AnswerOf<'GET /people'>['people'][number];

const fields: readonly FilterField[] = [{ kind: 'text', name: 'q', title: 'Search', placeholder: 'name or team' }];

export function PeopleList(): ReactNode {
  const [{ q = '' }] = useFilters();
  return (
    <Listed
      title="People"
      label="Published people"
      route="GET /people"
      address={{}}
      fields={fields}
      rowsOf={({ people }) => people}
      shown={(people) => people.filter((person) => textOf(person).includes(q.toLowerCase()))}
      columns={columns}
      rowKey={({ reference }) => reference}
      empty={empty}
    />
  );
}

const empty: EmptyWords = {
  none: 'Nobody is published',
  unfit: 'Nobody fits',
  teaches: (
    <p>
      A person says how somebody is reached: mail, chat, zone, when they are away.{' '}
      <Link to="/editor" search={{ kind: 'Person' }}>
        Write one
      </Link>
      .
    </p>
  ),
};

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
