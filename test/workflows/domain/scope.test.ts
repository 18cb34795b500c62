import fc from 'fast-check';

import { scopeOfItems, scopeOfLabels, uniteScopes, withOwnLabels } from '../../../workflows/domain/scope';

test('the labels of a thing are its scope, but for what the engine notes (deny by default: no label, no scope)', () => {
  expect(scopeOfLabels({ service: 'shop', 'mainstay/check': 'true' })).toEqual({ service: ['shop'] });
  expect(scopeOfLabels(undefined)).toEqual({});
});

test('uniteScopes() adds values up, each once and in one order', () => {
  const united = uniteScopes({ env: ['staging', 'prod'], team: ['web'] }, { env: ['prod', 'dev'] });

  expect(united).toEqual({ env: ['dev', 'prod', 'staging'], team: ['web'] });
});

test('withOwnLabels() fills in what nothing else says, and never takes the place of what was said', () => {
  expect(withOwnLabels({ env: ['prod'] }, { env: 'staging', ticket: 'INC1' })).toEqual({
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

const labels = fc.dictionary(fc.constantFrom('env', 'service', '__proto__', 'constructor'), fc.string());

test('no label that somebody gives their own run makes its scope lose a value, whatever it is called', () => {
  fc.assert(
    fc.property(labels, labels, (made, own) => {
      const scope = scopeOfLabels(made);
      const whole = withOwnLabels(scope, own);

      for (const [label, values] of Object.entries(scope)) expect(whole[label]).toEqual(values);
      expect(withOwnLabels(whole, own)).toEqual(whole);
    }),
  );
});
