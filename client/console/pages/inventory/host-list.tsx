import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import { Button } from '../../kit/button';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { useRead } from '../../use-api';
import { wording } from '../../wording';

type Host = AnswerOf<'GET /inventories/:name/hosts'>['hosts'][number];

const pageSize = 200;

export function HostList({ inventory }: { readonly inventory: string }): ReactNode {
  const [{ q, group, after }, setFilters] = useFilters();
  const query = useRead(
    'GET /inventories/:name/hosts',
    { params: { name: inventory }, query: { limit: pageSize }, filters: { q, group, after } },
    { keep: true },
  );
  const fields: readonly FilterField[] = [
    { kind: 'text', name: 'q', title: 'Search', placeholder: 'name, address, group, label=value' },
    {
      kind: 'choice',
      name: 'group',
      title: 'Group',
      options: Object.entries(query.data?.groups ?? {}).map(([name, members]) => ({
        value: name,
        title: `${name} (${members.length})`,
      })),
    },
  ];
  return (
    <>
      <Filters fields={fields} />
      <Loaded query={query}>
        {({ hosts, total, next }) => (
          <Section title={`Hosts of ${inventory}`} aside={<span className="muted">{total}</span>}>
            <Table
              label={`Found hosts of ${inventory}`}
              columns={columnsOf(inventory)}
              rows={hosts}
              rowKey={({ name }) => name}
              empty={
                <EmptyState title="No host fits">
                  Search looks at names, addresses, groups and labels such as environment=production.
                </EmptyState>
              }
            />
            <nav aria-label="Pages" className="pages">
              {after !== undefined && <Button onClick={() => setFilters({ after: '' })}>First page</Button>}
              {next !== null && <Button onClick={() => setFilters({ after: next })}>{wording.more}</Button>}
            </nav>
          </Section>
        )}
      </Loaded>
    </>
  );
}

function columnsOf(inventory: string): readonly Column<Host>[] {
  return [
    { title: 'Host', cell: ({ name }) => <strong>{name}</strong> },
    {
      title: 'Address',
      cell: ({ address, port, user }) =>
        `${user === undefined ? '' : `${user}@`}${address}${port === undefined ? '' : `:${port}`}`,
      isMinor: true,
    },
    {
      title: 'Groups',
      cell: ({ groups }) =>
        groups.map((group) => (
          <Link key={group} className="chip" to="/inventory" search={{ inventory, group }}>
            {group}
          </Link>
        )),
    },
    {
      title: 'Labels',
      cell: ({ labels }) =>
        Object.entries(labels).map(([label, value]) => (
          <Link key={label} className="chip" to="/inventory" search={{ inventory, q: `${label}=${value}` }}>
            {label}: {value}
          </Link>
        )),
    },
    {
      title: 'Changes',
      cell: ({ name }) => (
        <Link to="/changes" search={{ item: `host/${name}`, view: 'list' }}>
          of it
        </Link>
      ),
      isMinor: true,
    },
  ];
}
