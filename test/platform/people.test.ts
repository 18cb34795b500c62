import { addressOf, People, readPerson, reachable } from '../../platform/people';
import type { DefinitionRow } from '../../platform/store/store';

function published(name: string, version: string, spec: string): DefinitionRow {
  const text = `apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  return { kind: 'Person', name, version, digest: '', text, files: {}, scope: {} };
}

function people(...documents: readonly DefinitionRow[]): People {
  return new People({
    get: async (_kind, name) => documents.findLast((document) => document.name === name) ?? null,
    list: async () => documents,
  });
}

test('a person without a document is active and cannot be reached', async () => {
  expect(await people().find('user/anna')).toEqual({
    reference: 'user/anna',
    name: null,
    email: null,
    chat: null,
    teams: null,
    matrix: null,
    ntfy: null,
    zone: null,
    active: true,
  });
});

test('the newest document says how a person is reached', async () => {
  const found = await people(
    published('anna', '0.0.1', '{email: old@example.org}'),
    published('anna', '0.0.2', '{name: Anna, email: anna@example.org, zone: Europe/Berlin, manager: user/ben}'),
  ).find('user/anna');

  expect(found).toMatchObject({ name: 'Anna', email: 'anna@example.org', zone: 'Europe/Berlin', active: true });
});

test('a name in the chat that two people claim belongs to nobody (R-APPR-11)', async () => {
  const documents = [published('anna', '0.0.1', '{chat: U1}'), published('ben', '0.0.1', '{chat: U2}')];

  expect((await people(...documents).findByChat('U2'))?.reference).toBe('user/ben');
  expect(await people(...documents, published('eve', '0.0.1', '{chat: U2}')).findByChat('U2')).toBeNull();
  expect(await people(...documents, published('ben', '0.0.2', '{chat: U3}')).findByChat('U2')).toBeNull();
});

const everything = { mail: {}, chat: {}, teams: {}, matrix: {}, ntfy: {}, webhook: {} };

test.each<[string, readonly string[]]>([
  ['{}', ['webhook']],
  ['{email: anna@example.org, chat: U1}', ['mail', 'chat', 'webhook']],
  [
    '{email: a@b.c, chat: U1, teams: Anna Berg, matrix: "@anna:example.org", ntfy: anna-x7}',
    ['mail', 'chat', 'teams', 'matrix', 'ntfy', 'webhook'],
  ],
])('somebody with %s can be reached by %j', (spec, channels) => {
  const person = readPerson('anna', `spec: ${spec}`);

  expect(reachable(person, everything)).toEqual(channels);
});

test('nobody is reached by a channel that is not set up', () => {
  const person = readPerson('anna', 'spec: {email: anna@example.org, chat: U1}');

  expect(reachable(person, { mail: null, chat: {} })).toEqual(['chat']);
  expect(addressOf(person, 'mail', { mail: null })).toBeNull();
  expect(addressOf(person, 'mail', { mail: {} })).toBe('anna@example.org');
});

test('who has no topic of their own is told in that of all, where there is one', () => {
  const [anna, ben] = [readPerson('anna', 'spec: {ntfy: anna-x7}'), readPerson('ben', 'spec: {}')];
  const common = { ntfy: { common: 'ops' } };

  expect([anna, ben].map((person) => addressOf(person, 'ntfy', common))).toEqual(['anna-x7', 'ops']);
  expect(addressOf(ben, 'ntfy', { ntfy: { common: null } })).toBeNull();
});
