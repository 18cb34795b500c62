import fc from 'fast-check';

import { effectKey, hostPath, joinPath, segment, stepPath } from '../../../workflows/domain/effect-path';

const identity = { installation: 'inst', run: 'r1', path: 'roll/install', generation: 2, phase: 'do' } as const;

// D1: two effects that share a key are one effect to a host, and the second would never happen.
test.each([
  ['installation', { installation: 'other' }],
  ['run', { run: 'r2' }],
  ['path', { path: 'roll/check' }],
  ['generation', { generation: 3 }],
  ['phase', { phase: 'undo' as const }],
])('effectKey() tells effects of another %s apart (D1)', (_part, change) => {
  expect(effectKey({ ...identity, ...change })).not.toBe(effectKey(identity));
});

test('effectKey() spells installation, run, path, generation and phase (D1)', () => {
  expect(effectKey(identity)).toBe('inst/r1/roll/install@2/do');
});

test.each([
  ['host', 'web1', 'host:web1'],
  ['host', 'a/b@2', 'host:a%2Fb%402'],
  ['item', 'x:y z', 'item:x%3Ay%20z'],
  ['delegate', '*', 'delegate:%2A'],
  ['item', "!'()", 'item:%21%27%28%29'],
  ['wave', 0, 'wave:0'],
  ['sample', 3, 'sample:3'],
] as const)('segment() writes %s %j as %s (D1)', (kind, value, text) => {
  expect(segment(kind, value)).toBe(text);
});

test('segment() never lets a name imitate structure, and different names stay different (D1)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
      const [first, second] = [segment('item', one), segment('item', other)];

      expect(first.slice('item:'.length)).toMatch(/^[\w.~%-]*$/);
      expect(first === second).toBe(one === other);
    }),
  );
});

test('hostPath() fills in a host whose name looks like a place holder once (D1)', () => {
  const path = hostPath(joinPath('roll', 'host:*', 'drain', 'delegate:*'), 'delegate:*', 'host:*');

  expect(path).toBe('roll/host:delegate%3A%2A/drain/delegate:host%3A%2A');
  expect(stepPath('roll/host:*/drain/delegate:*')).toBe('roll/drain');
});
