import type { UseQueryResult } from '@tanstack/react-query';

import type { AnswerOf } from '../../../typed/types';
import type { ApiProblem } from '../../api';
import { useFilters } from '../../filters';
import type { FilterField } from '../../kit/filters';
import type { AddressOf, FiltersOf } from '../../request';
import { useRead } from '../../use-api';
import type { ReadOptions } from '../../use-api';
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

/** What the filters of the address ask for. */
export function useChosen(): FiltersOf<'GET /changes'> {
  const [{ phase, open, requester, item }] = useFilters();
  return { phase, open, requester, item };
}

/** Changes by the filters of the address, and what the view adds to them. */
export function useChanges(
  { filters, ...own }: AddressOf<'GET /changes'>,
  options: ReadOptions = {},
): UseQueryResult<AnswerOf<'GET /changes'>, ApiProblem> {
  const chosen = useChosen();
  return useRead('GET /changes', { ...own, filters: { ...chosen, ...filters } }, options);
}
