import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Page, Section } from '../../kit/page';
import { Paged } from '../../kit/paged';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { useWhole } from '../../use-api';
import { wording } from '../../wording';
import { HostList } from './host-list';

type Inventory = AnswerOf<'GET /inventories'>['inventories'][number];

export function InventoryPage(): ReactNode {
  const [{ inventory: chosen }] = useFilters();
  const pages = useWhole('GET /inventories', {}, chosen !== undefined);
  return (
    <Page title={wording.nav.inventory}>
      <Paged query={pages}>
        {(all) => {
          const inventories = all.flatMap((page) => page.inventories);
          const shown = inventories.find(({ name }) => name === chosen) ?? inventories[0];
          return (
            <>
              <Section title="Inventories">
                <Table
                  label="Published inventories"
                  columns={columns}
                  rows={inventories}
                  rowKey={({ name }) => name}
                  empty={<NoInventory />}
                />
              </Section>
              {shown !== undefined && <HostList key={shown.name} inventory={shown.name} />}
            </>
          );
        }}
      </Paged>
    </Page>
  );
}

const columns: readonly Column<Inventory>[] = [
  {
    title: 'Inventory',
    cell: ({ name, title }) => (
      <Link to="/inventory" search={{ inventory: name }}>
        {name} <span className="row-title">{title}</span>
      </Link>
    ),
  },
  { title: 'Hosts', cell: ({ hosts }) => hosts ?? 'asked when looked at', align: 'end' },
  { title: 'Labels', cell: ({ labels }) => labelText(labels), isMinor: true },
  { title: 'Owner', cell: ({ owner }) => (owner === '' ? '–' : owner), isMinor: true },
  {
    title: 'Version',
    cell: ({ name, version }) => (
      <Link to="/definitions/$kind/$name" params={{ kind: 'Inventory', name }}>
        {version}
      </Link>
    ),
    isMinor: true,
  },
];

function labelText(labels: { readonly [label: string]: string }): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}: ${value}`);
  return pairs.length === 0 ? '–' : pairs.join(', ');
}

function NoInventory(): ReactNode {
  return (
    <EmptyState title="No inventory is published">
      <p>
        An inventory names the hosts that runbooks work on, with their groups and labels.{' '}
        <Link to="/editor" search={{ kind: 'Inventory' }}>
          Write one
        </Link>
        , or publish a file with <code>mainstay apply FILE</code>.
      </p>
    </EmptyState>
  );
}
