import { readClaims } from '../../../client/identity/oidc-claims';
import type { Claims } from '../../../client/identity/oidc-claims';

const usual = { loginClaim: null, groupsClaim: 'groups' };

test.each<[string, Claims, string]>([
  ['the preferred name', { preferred_username: 'anna', email: 'a@b.c', sub: '1' }, 'anna'],
  ['a verified address', { email: 'a@b.c', email_verified: true, sub: '1' }, 'a@b.c'],
  ['the subject, for an address may be anybody’s until it is verified', { email: 'a@b.c', sub: '1' }, '1'],
  ['the subject, for an empty name is none', { preferred_username: '', sub: '1' }, '1'],
])('a login is %s', (_what, claims, login) => {
  expect(readClaims(claims, usual).login).toBe(login);
});

test('a login claim that is named is the only one that counts', () => {
  expect(readClaims({ preferred_username: 'anna', upn: 'anna@x' }, { ...usual, loginClaim: 'upn' }).login).toBe(
    'anna@x',
  );
  expect(() => readClaims({ preferred_username: 'anna' }, { ...usual, loginClaim: 'upn' })).toThrow('no claim upn');
});

test.each(['anna smith', 'user/anna', '', 'a\nb', 'аnna', 'x'.repeat(201)])('%j is no login', (login) => {
  expect(() => readClaims({ upn: login }, { ...usual, loginClaim: 'upn' })).toThrow();
});

test.each<[string, string, Claims, readonly string[]]>([
  ['a list', 'groups', { groups: ['b', 'a', 'b'] }, ['a', 'b']],
  ['one alone', 'groups', { groups: 'a' }, ['a']],
  ['nothing', 'groups', {}, []],
  ['what is no text', 'groups', { groups: [1, null, { a: 1 }, 'a'] }, ['a']],
  ['a claim within another', 'realm_access.roles', { realm_access: { roles: ['a'] } }, ['a']],
  ['a claim with a dot in its name', 'https://x.example/groups', { 'https://x.example/groups': ['a'] }, ['a']],
  ['what objects inherit', 'constructor.name', {}, []],
])('groups of %s', (_what, groupsClaim, claims, groups) => {
  expect(readClaims({ sub: '1', ...claims }, { ...usual, groupsClaim }).groups).toEqual(groups);
});
