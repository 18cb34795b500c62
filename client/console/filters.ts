import { useNavigate, useSearch } from '@tanstack/react-router';

import { withFilters } from './search';
import type { Search } from './search';

/** Filters of the page as the address has them, and a way to change some of them. Empty ones leave the address. */
export function useFilters(): readonly [Search, (changes: Search) => void] {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  return [
    search,
    (changes) => void navigate({ to: '.', search: (now: Search) => withFilters(now, changes), replace: true }),
  ];
}
