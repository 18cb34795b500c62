import { catalogue } from '../../../activities/index';
import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';
import { documentText, readMarks } from '../documents';

function told(text: string): readonly unknown[] {
  const { documents, problems } = loadText('sample.yaml', text, { catalogue });
  return [...problems, ...lintDocuments(documents, { catalogue })].map(({ code, line, column }) => [
    code,
    line,
    column,
  ]);
}

test.each([
  [
    'a person',
    documentText(
      'Person',
      'name: Anna',
      'email: anna@example.org',
      'chat: anna',
      'teams: Anna Berg',
      "matrix: '@anna:example.org'",
      'ntfy: anna-x7',
      'manager: user/mona',
      'zone: Europe/Berlin',
      'delegations: [{to: user/dan, start: 2026-12-21T09:00, end: 2026-12-31T09:00:00Z}]',
    ),
  ],
  ['a person with a room of their own', documentText('Person', "matrix: '!Abc_d-7'")],
  ['a person who has left', documentText('Person', 'active: false')],
  [
    'a roster',
    documentText(
      'Roster',
      'zone: Europe/Berlin',
      'people: [user/anna, user/ben]',
      'start: 2026-01-05T09:00',
      'every: P1W',
      'overrides: [{start: 2026-01-06T18:00, end: 2026-01-07T09:00, person: user/dora}]',
    ),
  ],
])('%s as it should be', (_name, text) => {
  expect(told(text)).toEqual([]);
});

test.each([
  [
    'a delegation to oneself',
    documentText('Person', 'delegations: [{to: §user/sample, start: 2026-12-21T09:00, end: 2026-12-22T09:00}]'),
    'DELEGATE_SELF',
  ],
  [
    'a delegation that ends before it starts',
    documentText(
      'Person',
      'zone: Europe/Berlin',
      'delegations: [{to: user/dan, start: 2026-12-21T09:00, end: §2026-12-21T08:00:00Z}]',
    ),
    'EMPTY_PERIOD',
  ],
  ['a name in Matrix without its server', documentText('Person', "matrix: §'@anna'"), 'INVALID_VALUE'],
  ['an alias for a room', documentText('Person', "matrix: §'#ops:example.org'"), 'INVALID_VALUE'],
  ['a topic with a path in it', documentText('Person', 'ntfy: §../ops'), 'INVALID_VALUE'],
  ['an unknown zone', documentText('Person', 'zone: §Mars/Base'), 'UNKNOWN_ZONE'],
  ['a manager who is no person', documentText('Person', 'manager: §team/web'), 'INVALID_VALUE'],
  [
    'a day that there is not',
    documentText('Roster', 'zone: UTC', 'people: [user/anna]', 'start: §2026-02-30T09:00', 'every: P1W'),
    'INVALID_VALUE',
  ],
  [
    'turns of hours',
    documentText('Roster', 'zone: UTC', 'people: [user/anna]', 'start: 2026-01-05T09:00', 'every: §PT12H'),
    'INVALID_VALUE',
  ],
  [
    'an override that is over before it begins',
    documentText(
      'Roster',
      'zone: UTC',
      'people: [user/anna]',
      'start: 2026-01-05T09:00',
      'every: P1W',
      'overrides: [{start: 2026-01-06T09:00, end: §2026-01-06T09:00, person: user/ben}]',
    ),
    'EMPTY_PERIOD',
  ],
])('the check tells of %s', (_name, marked, code) => {
  const { plain, places } = readMarks(marked);

  expect(told(plain)).toEqual(places.map((place) => [code, ...place]));
});
