import fc from 'fast-check';

import {
  actions,
  isAllowed,
  isAllowedEverywhere,
  isAllowedSomewhere,
  limitGrants,
  roles,
  rolesFor,
} from '../../../workflows/domain/authorization';
import type { Action, Grant, Role, Scope } from '../../../workflows/domain/authorization';

/**
 * Written down by itself, a line for each role, so that a slip in the table of the policy shows here. `r` all that is read;
 * the letters of each role say what else: s start and steer, a answer, c comment, d change, b back up, m manage backups, w write
 * definitions, p write policies, l free locks, x audit and evidence, h hooks, i who has which access.
 */
const expected: { readonly [R in Role]: string } = {
  viewer: 'r',
  operator: 'r s a c d b',
  approver: 'r a c',
  author: 'r c d w h',
  manager: 'r s a c d b m w p l x h i',
  auditor: 'r x h i',
  admin: 'r s a c d b m w p l x h i !',
};

const lettersOf: { readonly [A in Action]: string } = {
  'run.read': 'r',
  'run.start': 's',
  'run.control': 's',
  'task.read': 'r',
  'task.answer': 'a',
  'task.comment': 'c',
  'change.read': 'r',
  'change.write': 'd',
  'backup.read': 'r',
  'backup.run': 'b',
  'backup.manage': 'm',
  'definition.read': 'r',
  'definition.write': 'w',
  'policy.write': 'p',
  'access.write': '!',
  'access.read': 'i',
  'inventory.read': 'r',
  'calendar.read': 'r',
  'lock.read': 'r',
  'lock.free': 'l',
  'system.read': 'r',
  'metrics.read': 'r',
  'audit.read': 'x',
  'evidence.export': 'x',
  'journal.redact': '!',
  'token.own': 'r',
  'token.manage': '!',
  'hook.read': 'h',
  'notification.own': 'r',
  'notification.manage': 'p',
};

const shopInTest: Scope = { service: ['shop'], environment: ['test'] };

/** Selectors against a thing of the shop's in the test environment: what is in, and what is out. */
const selectors: readonly (readonly [where: Grant['where'], fits: boolean])[] = [
  [null, true],
  [{ service: ['shop'] }, true],
  [{ service: ['shop', 'pay'] }, true],
  [{ service: ['*'] }, true],
  [{ environment: ['te*'] }, true],
  [{ service: ['shop'], environment: ['test'] }, true],
  [{ service: ['pay'] }, false],
  [{ service: ['shop'], environment: ['production'] }, false],
  [{ service: ['sho'] }, false],
  [{ team: ['web'] }, false],
  [{ service: [] }, false],
];

const matrix = roles.flatMap((role) =>
  actions.flatMap((action) => selectors.map(([where, fits]) => ({ role, action, where, fits }))),
);

test.each(roles)('a %s is allowed what the table says, within the selector and nowhere else', (role) => {
  const wrong = matrix.filter((cell) => {
    const wanted = expected[cell.role].split(' ').includes(lettersOf[cell.action]) && cell.fits;
    return cell.role === role && isAllowed([{ role, where: cell.where }], cell.action, shopInTest) !== wanted;
  });

  expect(wrong).toEqual([]);
});

test.each([
  ['a thing without the label', { environment: ['test'] }, false],
  ['a thing without labels', {}, false],
  ['a thing that also belongs to somebody else', { service: ['shop', 'pay'] }, false],
  ['a label that every object has by itself', { constructor: ['shop'] }, false],
  ['a thing of the service', { service: ['shop'] }, true],
])('a grant for one service and %s', (_what, scope, allowed) => {
  expect(isAllowed([{ role: 'viewer', where: { service: ['shop'] } }], 'run.read', scope)).toBe(allowed);
});

test('a selector of a label that every object has by itself fits nothing, and fails nothing', () => {
  expect(isAllowed([{ role: 'admin', where: { constructor: ['x'], toString: ['y'] } }], 'run.read', {})).toBe(false);
});

const word = fc.constantFrom('shop', 'pay', 'test', 'production', 'shopping');
const pattern = fc.oneof(word, fc.constantFrom('shop*', 'p*', '*'));
const label = fc.constantFrom('service', 'environment', 'region');
const selector = fc.dictionary(label, fc.array(pattern, { minLength: 1, maxLength: 3 }), { maxKeys: 3 });
const someScope = fc.dictionary(label, fc.array(word, { minLength: 1, maxLength: 2 }), { maxKeys: 3 });
const someGrant: fc.Arbitrary<Grant> = fc.record({
  role: fc.constantFrom(...roles),
  where: fc.option(selector, { nil: null }),
});
const someGrants = fc.array(someGrant, { maxLength: 4 });
const someAction = fc.constantFrom(...actions);

test('without grants nothing is allowed', () => {
  fc.assert(
    fc.property(someAction, someScope, (action, scope) => {
      expect([isAllowed([], action, scope), isAllowedSomewhere([], action), isAllowedEverywhere([], action)]).toEqual([
        false,
        false,
        false,
      ]);
    }),
  );
});

test('a grant more never takes anything away', () => {
  fc.assert(
    fc.property(someGrants, someGrant, someAction, someScope, (grants, more, action, scope) => {
      fc.pre(isAllowed(grants, action, scope));

      expect(isAllowed([more, ...grants], action, scope)).toBe(true);
    }),
  );
});

test('a label more in a selector never allows anything more', () => {
  fc.assert(
    fc.property(someGrant, label, pattern, someAction, someScope, (grant, more, value, action, scope) => {
      const narrowed = { role: grant.role, where: { ...grant.where, [more]: [value] } };
      fc.pre(grant.where === null || !(more in grant.where));
      fc.pre(isAllowed([narrowed], action, scope));

      expect(isAllowed([grant], action, scope)).toBe(true);
    }),
  );
});

test('what is allowed everywhere is allowed of everything, and what is allowed of anything is allowed somewhere', () => {
  fc.assert(
    fc.property(someGrants, someAction, someScope, (grants, action, scope) => {
      const allowed = isAllowed(grants, action, scope);

      expect(!isAllowedEverywhere(grants, action) || allowed).toBe(true);
      expect(!allowed || isAllowedSomewhere(grants, action)).toBe(true);
    }),
  );
});

test('limitGrants() never allows what the grants or the limits do not', () => {
  fc.assert(
    fc.property(someGrants, someGrants, someAction, someScope, (grants, limits, action, scope) => {
      fc.pre(isAllowed(limitGrants(grants, limits), action, scope));

      expect([isAllowed(grants, action, scope), isAllowed(limits, action, scope)]).toEqual([true, true]);
    }),
    { numRuns: 500 },
  );
});

test('limitGrants() of an administrator leaves exactly the limits', () => {
  fc.assert(
    fc.property(someGrants, someAction, someScope, (limits, action, scope) => {
      const left = limitGrants([{ role: 'admin', where: null }], limits);

      expect(isAllowed(left, action, scope)).toBe(isAllowed(limits, action, scope));
    }),
  );
});

test.each([
  ['manager', 'operator', 'operator'],
  ['operator', 'viewer', 'viewer'],
  ['admin', 'auditor', 'auditor'],
  ['viewer', 'admin', 'viewer'],
  ['author', 'approver', null],
] as const)('a %s held to a %s is left with %s', (role, limit, left) => {
  const found = limitGrants([{ role, where: null }], [{ role: limit, where: { service: ['shop'] } }]);

  expect(found).toEqual(left === null ? [] : [{ role: left, where: { service: ['shop'] } }]);
});

test('rolesFor() tells whom to ask for a grant', () => {
  expect(rolesFor('task.answer')).toEqual(['operator', 'approver', 'manager', 'admin']);
  expect(rolesFor('access.write')).toEqual(['admin']);
});
