import { loadText } from '../../../definitions/load';
import { lintDocuments } from '../../../definitions/lint';
import { referenceProblems } from '../../../definitions/references';
import { documentText, readMarks } from '../documents';

const people = ['changeManagers: [user/anna]', 'dutyManagers: [user/anna]'];

function model(type: string, ...lines: readonly string[]): string {
  return documentText('ChangeModel', `type: ${type}`, ...people, ...lines);
}

const known = [
  documentText('ApprovalPolicy', 'approvers: [user/anna]').replace('sample', 'board'),
  documentText('Calendar', 'type: DEFAULT_OPEN', 'zone: UTC').replace('sample', 'nights'),
].join('---\n');

function told(text: string): readonly unknown[] {
  const { documents, problems } = loadText('sample.yaml', text);
  const tiers = [documents, loadText('known.yaml', known).documents];
  const references = documents.flatMap((document) => referenceProblems(document, { tiers, isBeside: () => false }));
  return [...problems, ...lintDocuments(documents), ...references].map(({ code, line, column }) => [
    code,
    line,
    column,
  ]);
}

const questions = (text: string): string => `questions: [{id: a, ask: How?, answers: {well: 0, badly: 9}}${text}]`;

test.each([
  ['the least standard change', model('standard')],
  [
    'a normal change with everything',
    model(
      'normal',
      'leadTime: 24h',
      'assessors: [user/ben]',
      'approval: {low: board, moderate: board, high: board}',
      'calendars: [nights]',
      'freezeApproval: board',
      'provenRestore: false',
      `risk: {${questions('')}, levels: {moderate: 1, high: 9}}`,
    ),
  ],
  ['an emergency with business hours', model('emergency', 'approval: board', 'businessHours: nights')],
])('check has nothing to say of %s', (_what, text) => {
  expect(told(text)).toEqual([]);
});

test.each([
  ['a normal change that nobody approves', documentText('ChangeModel', '§type: normal', ...people), 'MODEL_INVALID'],
  [
    'an emergency that passes the calendars that it names',
    model('emergency', 'approval: board', '§calendars: [nights]'),
    'MODEL_INVALID',
  ],
  ['assessors of a standard change', model('standard', '§assessors: [user/ben]'), 'MODEL_INVALID'],
  ['business hours of a normal change', model('normal', 'approval: board', '§businessHours: nights'), 'MODEL_INVALID'],
  [
    'freeze approvers without a calendar',
    model('normal', 'approval: board', '§freezeApproval: board'),
    'MODEL_INVALID',
  ],
  [
    'two questions of one id',
    model('standard', `risk: {${questions(', {id: §a, ask: Why?, answers: {b: 1}}')}, levels: {moderate: 1, high: 9}}`),
    'MODEL_INVALID',
  ],
  [
    'a question without an answer',
    model('standard', `risk: {${questions(', {id: b, ask: Why?, answers: §{}}')}, levels: {moderate: 1, high: 9}}`),
    'MODEL_INVALID',
  ],
  [
    'levels in the wrong order',
    model('standard', `risk: {${questions('')}, levels: {moderate: 5, high: §5}}`),
    'MODEL_INVALID',
  ],
  [
    'a level that nothing reaches',
    model('standard', `risk: {${questions('')}, levels: {moderate: 5, high: §10}}`),
    'MODEL_INVALID',
  ],
  [
    'a length of time that an expression would have to tell',
    model('standard', "leadTime: §'${{ 1 }}'"),
    'MODEL_INVALID',
  ],
  ['an unknown policy', model('normal', 'approval: §gremium'), 'UNKNOWN_REFERENCE'],
  [
    'an unknown policy of one level',
    model('normal', 'approval: {low: board, moderate: board, high: §gremium}'),
    'UNKNOWN_REFERENCE',
  ],
  ['an unknown calendar', model('standard', 'calendars: [nights, §days]'), 'UNKNOWN_REFERENCE'],
  ['an unknown team', model('standard', 'requesters: [§team/nobody]'), 'UNKNOWN_REFERENCE'],
  ['an unknown type', documentText('ChangeModel', 'type: §routine', ...people), 'INVALID_VALUE'],
])('check tells of %s, with line and column', (_what, marked, code) => {
  const { plain, places } = readMarks(marked);

  expect(told(plain)).toEqual(places.map(([line, column]) => [code, line, column]));
});
