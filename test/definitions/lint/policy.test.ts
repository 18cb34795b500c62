import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { catalogue } from '../../../activities/index';
import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';
import { referenceProblems } from '../../../definitions/references';
import { documentText, readMarks } from '../documents';

function told(text: string): readonly unknown[] {
  const { documents, problems } = loadText('sample.yaml', text, { catalogue });
  return [...problems, ...lintDocuments(documents, { catalogue })].map(({ code, line, column }) => [
    code,
    line,
    column,
  ]);
}

const policy = (...lines: readonly string[]): string => documentText('ApprovalPolicy', ...lines);
const level = (slots: string, more = ''): string => policy(`levels: [{slots: [${slots}]${more}}]`);

test.each([
  [
    'the short form',
    policy('approvers: [team/web, user/ben]', 'min: 2', 'escalateTo: team/ops', 'zone: Europe/Berlin'),
  ],
  [
    'any, all, a number, a percentage',
    level(
      '{candidates: [team/a], require: any}, {candidates: [team/b], require: all}, {candidates: [team/c], require: 2}, {candidates: [team/d], require: 50%}',
    ),
  ],
  [
    'levels of several slots',
    policy(
      'levels:',
      '  - {id: teams, slots: [{id: web, candidates: [team/web]}, {id: db, candidates: [on-call/db]}]}',
      '  - {id: cab, rejectOn: 2, countsApart: true, slots: [{candidates: [team/cab], require: 2}]}',
    ),
  ],
  ['an expression over the facts', level('{candidates: [\'${{ facts.risk == "high" ? "team/cab" : facts.owner }}\']}')],
  ['times', policy('approvers: [team/a]', 'validFor: PT72H', 'lead: PT24H', 'respondWithin: P14D')],
])('a policy may have %s', (_name, text) => {
  expect(told(text)).toEqual([]);
});

test.each([
  ['neither approvers nor levels', policy('§min: 1'), 'POLICY_INVALID'],
  ['both', policy('§approvers: [team/a]', 'levels: [{slots: [{candidates: [team/b]}]}]'), 'POLICY_INVALID'],
  [
    'a field of the short form beside levels',
    policy('levels: [{slots: [{candidates: [team/b]}]}]', '§min: 2'),
    'POLICY_INVALID',
  ],
  [
    'two slots of one id',
    policy('§levels: [{slots: [{id: a, candidates: [team/a]}, {id: a, candidates: [team/b]}]}]'),
    'POLICY_INVALID',
  ],
  [
    'R-APPR-5: more approvals than people',
    level('{candidates: [user/a, user/b, user/a], require: §3}'),
    'POLICY_UNREACHABLE',
  ],
  [
    'R-APPR-5: one person for two slots',
    level('{id: x, candidates: [user/a]}, §{id: y, candidates: [user/a]}'),
    'POLICY_UNREACHABLE',
  ],
  [
    'R-APPR-6: a wait of more than thirty days',
    policy('approvers: [team/a]', 'respondWithin: §P31D'),
    'RESPONSE_TOO_LONG',
  ],
  ['a fact that there is not', level("{candidates: [§'${{ facts.riks }}']}"), 'UNKNOWN_NAME'],
  ['a name that there is not', level("{candidates: [§'${{ inputs.team }}']}"), 'UNKNOWN_NAME'],
  ['a candidate that is none', level('{candidates: [§web]}'), 'INVALID_VALUE'],
  ['calendar days of validity', policy('approvers: [team/a]', 'validFor: §P3D'), 'DURATION_NEEDS_ZONE'],
  ['an unknown zone', policy('approvers: [team/a]', 'zone: §Mars/Base'), 'UNKNOWN_ZONE'],
])('lintPolicy() tells of %s', (_name, marked, code) => {
  const { plain, places } = readMarks(marked);

  expect(told(plain)).toEqual(places.map((place) => [code, ...place]));
});

test('teams and rosters of every slot must be known', () => {
  const marked = level('{candidates: [§team/wbe, user/ben]}, {candidates: [§on-call/db]}');
  const { plain, places } = readMarks(marked);
  const { documents } = loadText('sample.yaml', plain, { catalogue });

  const problems = documents.flatMap((document) => referenceProblems(document, { tiers: [], isBeside: () => false }));

  expect(problems.map(({ code, line, column }) => [code, line, column])).toEqual(
    places.map((place) => ['UNKNOWN_REFERENCE', ...place]),
  );
});

test('the examples of docs/approvals.md are as they should be', async () => {
  const text = await readFile(join(__dirname, '../../../docs/approvals.md'), 'utf8');

  const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example = '']) => example);

  expect(examples).toHaveLength(4);
  expect(examples.flatMap((example) => told(example))).toEqual([]);
});
