import fc from 'fast-check';

import { dependencyGraph, relativesOf } from '../../../workflows/domain/dependency-graph';
import type { Dependency, Relation } from '../../../workflows/domain/dependency-graph';

/** shop → database → host → rack */
const chain: readonly Dependency[] = [
  { parent: 'shop', child: 'database' },
  { parent: 'database', child: 'host' },
  { parent: 'host', child: 'rack' },
];

test.each<[string, readonly Dependency[], string, number, { readonly [item: string]: Relation }]>([
  ['depth 0: nobody', chain, 'database', 0, {}],
  ['depth 1: neighbours', chain, 'database', 1, { shop: 'parent', host: 'child' }],
  ['depth 2: theirs as well', chain, 'database', 2, { shop: 'parent', host: 'child', rack: 'child' }],
  ['an item that nothing is known of', chain, 'constructor', 5, {}],
  ['an item that needs itself', [{ parent: 'a', child: 'a' }], 'a', 5, {}],
  [
    'in a cycle both are reached once, as the stricter relation',
    [
      { parent: 'a', child: 'b' },
      { parent: 'b', child: 'c' },
      { parent: 'c', child: 'a' },
    ],
    'a',
    9,
    { b: 'child', c: 'child' },
  ],
  [
    'siblings are no relatives',
    [...chain, { parent: 'mail', child: 'host' }],
    'database',
    1,
    { shop: 'parent', host: 'child' },
  ],
])('R-CONF-1: relativesOf() at %s', (_name, dependencies, item, depth, expected) => {
  const relatives = relativesOf(dependencyGraph(dependencies), item, depth);

  expect(Object.fromEntries(relatives)).toEqual(expected);
});

test('R-CONF-1: relatives are mutual: a child has its parent within the same depth', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  fc.assert(
    fc.property(fc.array(fc.record({ parent: name, child: name })), name, fc.nat(5), (dependencies, item, depth) => {
      const graph = dependencyGraph(dependencies);

      for (const [other] of relativesOf(graph, item, depth))
        expect(relativesOf(graph, other, depth).has(item)).toBe(true);
    }),
  );
});
