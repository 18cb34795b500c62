import fc from 'fast-check';

import { isAllowed } from '../../../workflows/domain/authorization';
import type { Grant } from '../../../workflows/domain/authorization';
import {
  scopeOfItems,
  scopeOfLabels,
  selectedLabels,
  uniteScopes,
  withOwnLabels,
} from '../../../workflows/domain/scope';

test('the labels of a thing are its scope, but for what the engine notes (deny by default: no label, no scope)', () => {
  expect(scopeOfLabels({ service: 'shop', 'mainstay/check': 'true' })).toEqual({ service: ['shop'] });
  expect(scopeOfLabels(undefined)).toEqual({});
});

test('uniteScopes() adds values up, each once and in one order', () => {
  const united = uniteScopes({ env: ['staging', 'prod'], team: ['web'] }, { env: ['prod', 'dev'] });

  expect(united).toEqual({ env: ['dev', 'prod', 'staging'], team: ['web'] });
});

test('withOwnLabels() fills in what nothing else says, and never takes the place of what was said', () => {
  const selected = new Set(['env', 'ticket']);

  expect(withOwnLabels({ env: ['prod'] }, { env: 'staging', ticket: 'INC1' }, selected)).toEqual({
    env: ['prod'],
    ticket: ['INC1'],
  });
});

test('scopeOfItems() names the services among configuration items', () => {
  expect(scopeOfItems(['host/web1', 'service/shop', 'service/billing', 'service/shop'])).toEqual({
    service: ['billing', 'shop'],
  });
  expect(scopeOfItems(['host/web1'])).toEqual({});
});

const names = fc.constantFrom('env', 'service', '__proto__', 'constructor');
const values = fc.constantFrom('a', 'b', 'ab');
const labels = fc.dictionary(names, values);
const everyName = new Set(['env', 'service', '__proto__', 'constructor']);
const grants: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({
    role: fc.constantFrom('viewer' as const, 'operator' as const),
    where: fc.option(fc.dictionary(names, fc.array(fc.constantFrom('a', 'b', 'a*'), { minLength: 1 }), { minKeys: 1 })),
  }),
  { maxLength: 4 },
);
const actions = ['run.read', 'run.start', 'run.control'] as const;

test('no label that somebody gives their own run makes its scope lose a value, whatever it is called', () => {
  fc.assert(
    fc.property(labels, labels, (made, own) => {
      const scope = scopeOfLabels(made);
      const whole = withOwnLabels(scope, own, everyName);

      for (const [label, values] of Object.entries(scope)) expect(whole[label]).toEqual(values);
      expect(withOwnLabels(whole, own, everyName)).toEqual(whole);
    }),
  );
});

test('S3: with the labels alone that grants name every decision is the one that all labels would give', () => {
  fc.assert(
    fc.property(labels, labels, grants, (made, own, published) => {
      const scope = scopeOfLabels(made);
      const whole = withOwnLabels(scope, own, everyName);
      const reduced = withOwnLabels(scope, own, selectedLabels(published.map(({ where }) => where)));

      for (const action of actions)
        expect(isAllowed(published, action, reduced)).toBe(isAllowed(published, action, whole));
    }),
    { numRuns: 1_000 },
  );
});

test('S3: whatever is granted later, a label that was left out lets nobody in', () => {
  fc.assert(
    fc.property(labels, labels, fc.tuple(grants, grants), (made, own, [published, later]) => {
      const scope = scopeOfLabels(made);
      const reduced = withOwnLabels(scope, own, selectedLabels(published.map(({ where }) => where)));

      for (const action of actions)
        if (isAllowed(later, action, reduced))
          expect(isAllowed(later, action, withOwnLabels(scope, own, everyName))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
