import type { ReactNode } from 'react';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** Numbers stand to the right. */
  readonly align?: 'end';
  /** Left out on a phone. */
  readonly isMinor?: boolean;
}

export interface TableProps<T> {
  /** Says what the rows are; read out, not shown. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  /** Shown instead of a table without rows. */
  readonly empty: ReactNode;
}

export function Table<T>({ label, columns, rows, rowKey, empty }: TableProps<T>): ReactNode {
  if (rows.length === 0) return empty;
  return (
    <div className="table-holder" role="region" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" className={cellClass(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.title} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass({ align, isMinor }: { readonly align?: 'end'; readonly isMinor?: boolean }): string {
  return `${align === 'end' ? 'cell-end' : ''} ${isMinor === true ? 'cell-minor' : ''}`.trim();
}
