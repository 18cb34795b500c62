import fc from 'fast-check';

import { localPath, openFlow, sealFlow } from '../../../client/identity/sign-in-flow';
import { createSeal } from '../../../platform/seal';

const seal = createSeal(Buffer.alloc(32, 1));
const flow = { state: 's', nonce: 'n', verifier: 'v', returnTo: '/', expiresAt: 1000 };

test.each([
  ['/', '/'],
  ['/runs/12?tab=log#end', '/runs/12?tab=log#end'],
  ['/a/../b', '/b'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['https://evil.example', '/'],
  ['runs', '/'],
  [undefined, '/'],
])('after a sign-in for %j somebody is at %s', (asked, place) => {
  expect(localPath(asked)).toBe(place);
});

test('whatever is asked for, a browser stays with us', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('/', '\\', '.', '@', ':', '\t', '\n', 'a', '?', '#', '%', '2', 'f'),
  });
  fc.assert(
    fc.property(nasty, (text) => new URL(localPath(text), 'https://ours.example').origin === 'https://ours.example'),
    { numRuns: 2000 },
  );
});

test('a flow is read again by who has its key and its state, until it is over', () => {
  const sealed = sealFlow(seal, flow);

  expect(openFlow(seal, sealed, { state: 's', now: 999 })).toEqual(flow);
  expect(openFlow(seal, sealed, { state: 's', now: 1000 })).toBeNull();
  expect(openFlow(seal, sealed, { state: 't', now: 0 })).toBeNull();
  expect(openFlow(createSeal(Buffer.alloc(32, 2)), sealed, { state: 's', now: 0 })).toBeNull();
});

test('nothing that was changed on its way is a flow', () => {
  const sealed = sealFlow(seal, flow);
  fc.assert(
    fc.property(fc.nat({ max: sealed.length - 1 }), fc.constantFrom('A', 'b', '+', ''), (at, letter) => {
      fc.pre(sealed[at] !== letter);
      const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1);
      // Two spellings of the same bytes are the same.
      fc.pre(Buffer.from(changed.slice(9), 'base64').compare(Buffer.from(sealed.slice(9), 'base64')) !== 0 || at < 9);
      return openFlow(seal, changed, { state: 's', now: 0 }) === null;
    }),
  );
});
