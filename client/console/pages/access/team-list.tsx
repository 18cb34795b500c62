import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import type { FilterField } from '../../kit/filters';
import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import type { Column } from '../../kit/table';

type Team = AnswerOf<'GET /teams'>['teams'][number];

const fields: readonly FilterField[] = [{ kind: 'text', name: 'q', title: 'Search', placeholder: 'team or member' }];

export function TeamList(): ReactNode {
  const [{ q = '' }] = useFilters();
  return (
    <Listed
      title="Teams"
      label="Published teams"
      route="GET /teams"
      address={{}}
      fields={fields}
      rowsOf={({ teams }) => teams}
      shown={(teams) => teams.filter((team) => textOf(team).includes(q.toLowerCase()))}
      columns={columns}
      rowKey={({ reference }) => reference}
      empty={empty}
    />
  );
}

function textOf({ reference, title, members }: Team): string {
  return [reference, title, ...members].join(' ').toLowerCase();
}

const empty: EmptyWords = {
  none: 'No team is published',
  unfit: 'No team fits',
  teaches: (
    <p>
      Policies, models and runbooks ask teams. Those that come with Mainstay are empty until you publish your own:
      change-managers, change-board, duty-managers.{' '}
      <Link to="/editor" search={{ kind: 'Team' }}>
        Write one
      </Link>
      .
    </p>
  ),
};

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
