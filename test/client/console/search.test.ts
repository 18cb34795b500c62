import fc from 'fast-check';

import { parseSearch, searchText, withFilters } from '../../../client/console/search';

test('searchText() and parseSearch() bring every text back', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), (search) => {
      expect(parseSearch(searchText(search))).toEqual({ ...search });
    }),
  );
});

test('searchText() keeps a number a text, and leaves out what is empty', () => {
  expect(searchText({ q: '12', state: '', step: undefined })).toBe('?q=12');
  expect(searchText({})).toBe('');
});

test('withFilters() changes some, and empty ones leave the address', () => {
  expect(withFilters({ q: 'a', state: 'running' }, { q: '', label: 'x:y' })).toEqual({
    state: 'running',
    label: 'x:y',
  });
});
