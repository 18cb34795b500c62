import type { ReactNode } from 'react';

import type { AnswerOf } from '../../typed/types';
import { useFilters } from '../filters';
import type { AddressOf, PagesKey } from '../request';
import { useWhole } from '../use-api';
import { EmptyState } from './empty-state';
import { Filters } from './filters';
import type { FilterField } from './filters';
import { Section } from './page';
import { Paged } from './paged';
import type { Column } from './table';
import { Table } from './table';

export interface ListedProps<K extends PagesKey, T> {
  readonly title: string;
  /** Says what the rows are; read out, not shown. */
  readonly label: string;
  readonly route: K;
  readonly address: AddressOf<K>;
  readonly fields?: readonly FilterField[];
  readonly aside?: ReactNode;
  readonly rowsOf: (page: AnswerOf<K>) => readonly T[];
  /** Those that are looked for, in their order. Absent: the API has looked already. */
  readonly shown?: (rows: readonly T[]) => readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly empty: EmptyWords;
}

export interface EmptyWords {
  /** There is none at all. */
  readonly none: string;
  /** There are some, and none that fits the filters. */
  readonly unfit: string;
  /** What would be here, and how it gets here. */
  readonly teaches: ReactNode;
}

/** A list of one sort: filters that live in the address, rows page after page, and what is said where there are none. */
export function Listed<K extends PagesKey, T>(props: ListedProps<K, T>): ReactNode {
  const { title, label, route, address, fields = [], aside, rowsOf, shown, columns, rowKey, empty } = props;
  const [filters] = useFilters();
  const isFiltered = fields.some(({ name }) => filters[name] !== undefined);
  const pages = useWhole(route, address, isFiltered && shown !== undefined);
  return (
    <>
      {fields.length > 0 && <Filters fields={fields} />}
      <Section title={title} aside={aside}>
        <Paged query={pages}>
          {(all) => {
            const rows = all.flatMap(rowsOf);
            return (
              <Table
                label={label}
                columns={columns}
                rows={shown === undefined ? rows : shown(rows)}
                rowKey={rowKey}
                empty={
                  <EmptyState title={rows.length === 0 && !isFiltered ? empty.none : empty.unfit}>
                    {empty.teaches}
                  </EmptyState>
                }
              />
            );
          }}
        </Paged>
      </Section>
    </>
  );
}
