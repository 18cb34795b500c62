import { useFilters } from '../../filters';
import type { FilterField } from '../../kit/filters';
import { useRead } from '../../use-api';
import type { ReadOptions } from '../../use-api';
import type { Query } from '../../api';
import type { ChangeRow } from '../../answers';
import { phaseOptions } from './change-words';

const who: FilterField = { kind: 'text', name: 'requester', title: 'Requester', placeholder: 'user/anna' };
const item: FilterField = { kind: 'text', name: 'item', title: 'Item', placeholder: 'service/shop' };

/** The same filters for list, board and calendar; the board has a column for each phase already. */
export const listFilters: readonly FilterField[] = [
  { kind: 'choice', name: 'phase', title: 'Phase', options: phaseOptions },
  {
    kind: 'choice',
    name: 'open',
    title: 'Standing',
    options: [
      { value: 'true', title: 'Open' },
      { value: 'false', title: 'Over' },
    ],
  },
  who,
  item,
];

export const boardFilters: readonly FilterField[] = [who, item];

const names = ['phase', 'open', 'requester', 'item'] as const;

/** Changes by the filters of the address, and what the view adds to them. */
export function useChanges(
  own: Query,
  options: ReadOptions = {},
): ReturnType<typeof useRead<{ readonly changes: readonly ChangeRow[] }>> {
  const [filters] = useFilters();
  const chosen = Object.fromEntries(names.map((name) => [name, filters[name]]));
  return useRead<{ readonly changes: readonly ChangeRow[] }>('/changes', { ...chosen, ...own }, options);
}
