import fc from 'fast-check';

import { pageOf } from '../../../client/api/page';

const order = { keyOf: ({ at, name }: Row) => [at, name] };

interface Row {
  readonly at: number;
  readonly name: string;
}

const rowsArbitrary = fc.uniqueArray(
  fc.record({ at: fc.integer({ min: 0, max: 3 }), name: fc.string({ maxLength: 2 }) }),
  { selector: ({ at, name }) => `${at} ${name}`, maxLength: 30 },
);

test('pages together hold everything once and in order, whatever their length', () => {
  fc.assert(
    fc.property(rowsArbitrary, fc.integer({ min: 1, max: 7 }), (rows, limit) => {
      const seen: Row[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const { page, next } = pageOf(rows, { limit, ...(cursor === undefined ? {} : { cursor }) }, order);
        expect(page.length).toBeLessThanOrEqual(limit);
        seen.push(...page);
        cursor = next;
      }
      expect(seen).toEqual(pageOf(rows, { limit: 100 }, order).page);
      expect(seen).toHaveLength(rows.length);
    }),
  );
});

test('a page goes on behind a row that is gone meanwhile', () => {
  const rows = ['a', 'b', 'c', 'd'].map((name) => ({ at: 1, name }));
  const first = pageOf(rows, { limit: 2 }, order);

  const { page } = pageOf(
    rows.filter(({ name }) => name !== 'b'),
    { limit: 2, cursor: first.next ?? '' },
    order,
  );

  expect(page.map(({ name }) => name)).toEqual(['c', 'd']);
});

test.each(['', 'nonsense', Buffer.from('{"a":1}').toString('base64url'), Buffer.from('[]').toString('base64url')])(
  'the cursor "%s" is none',
  (cursor) => {
    expect(() => pageOf([], { limit: 1, cursor }, order)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  },
);
