import { catalogue } from '../../activities/index';
import { loadText } from '../../definitions/load';
import { lintDocuments } from '../../definitions/lint';
import { referenceProblems } from '../../definitions/references';
import { documentText, readMarks, runbookText, stepsText } from './documents';

const known = [
  runbookText('inputs: {version: {type: string}}', 'steps: []'),
  documentText('Team', 'members: [user/anna]').replace('sample', 'web'),
  documentText('Connection', 'type: ssh').replace('sample', 'fleet'),
  documentText('Inventory', 'hosts: []').replace('sample', 'lab'),
  documentText('Calendar', 'type: DEFAULT_OPEN', 'zone: UTC').replace('sample', 'nights'),
  runbookText(
    'inputs: {size: {type: integer}, name: {type: string, default: x}}',
    'steps: []',
    "outputs: {done: {type: boolean, value: '${{ true }}'}, at: '${{ 1 }}'}",
  ).replace('name: sample', 'name: backup/restore'),
].join('---\n');

function told(plain: string): readonly unknown[] {
  const loaded = loadText('given.yaml', plain, { catalogue });
  if (loaded.problems.length > 0) throw new Error(JSON.stringify(loaded.problems));
  const tiers = [loaded.documents, loadText('known.yaml', known, { catalogue }).documents];
  return loaded.documents
    .flatMap((document) => referenceProblems(document, { tiers, isBeside: (_, name) => name === 'hosts.yaml' }))
    .map(({ code, line, column }) => [code, line, column]);
}

test.each<[string, string, ...(readonly string[])]>([
  ['a rehearsal of an unknown runbook', documentText('Rehearsal', 'runbook: §simple'), 'UNKNOWN_REFERENCE'],
  ['a wait for an unknown calendar', stepsText('- {id: a, wait: {window: §night}}'), 'UNKNOWN_REFERENCE'],
  ['a rehearsal of another version', documentText('Rehearsal', 'runbook: §sample@2'), 'UNKNOWN_REFERENCE'],
  [
    'a rehearsal with an unknown inventory',
    documentText('Rehearsal', 'runbook: sample', 'inputs: {version: a}', 'inventory: §attic'),
    'UNKNOWN_REFERENCE',
  ],
  [
    'a rehearsal with a file that is not there',
    documentText('Rehearsal', 'runbook: sample', 'inputs: {version: a}', 'inventory: §host.yaml'),
    'UNKNOWN_REFERENCE',
  ],
  [
    'a rehearsal with an input that the runbook does not have',
    documentText('Rehearsal', 'runbook: sample', 'inputs: {version: a, §verion: b}'),
    'UNKNOWN_INPUT',
  ],
  ['a rehearsal without an input', documentText('Rehearsal', 'runbook: sample', 'inputs: §{}'), 'MISSING_INPUT'],
  [
    'a policy of unknown teams',
    documentText('ApprovalPolicy', 'approvers: [user/anna, §team/wbe]', 'escalateTo: §team/ops'),
    'UNKNOWN_REFERENCE',
    'UNKNOWN_REFERENCE',
  ],
  [
    'a manual step for an unknown team',
    stepsText('- {id: a, manual: {title: Look, assignees: [team/web, §team/ops], onDue: fail}}'),
    'UNKNOWN_REFERENCE',
  ],
  [
    'an inventory with unknown connections',
    documentText('Inventory', 'hosts: [{name: a, connection: §fleat}]', 'connection: §fleat'),
    'UNKNOWN_REFERENCE',
    'UNKNOWN_REFERENCE',
  ],
  ['a runbook with an unknown inventory', runbookText('inventory: §attic', 'steps: []'), 'UNKNOWN_REFERENCE'],
  ['a runbook with an unknown contract', runbookText('implements: §backup/reset@1', 'steps: []'), 'UNKNOWN_REFERENCE'],
  [
    'a runbook that does not keep its contract',
    runbookText(
      'implements: backup/restore@1',
      'inputs: {§size: {type: string}, §more: {type: string}, §name: {type: string}}',
      'steps: []',
      "§outputs: {§done: {type: string, value: 'no'}}",
    ),
    'CONTRACT_UNMET',
    'CONTRACT_UNMET',
    'CONTRACT_UNMET',
    'CONTRACT_UNMET',
    'CONTRACT_UNMET',
  ],
])('check tells of %s where it is named', (_what, marked, ...codes) => {
  const { plain, places } = readMarks(marked);

  expect(new Set(told(plain))).toEqual(new Set(codes.map((code, index) => [code, ...(places[index] ?? [])])));
});

test.each([
  documentText('Rehearsal', 'runbook: sample', 'inputs: {version: a}', 'inventory: hosts.yaml'),
  documentText('Rehearsal', 'runbook: sample@1', 'inputs: {version: a}', 'inventory: lab'),
  documentText('ApprovalPolicy', 'approvers: [user/anna, team/web]'),
  documentText('Inventory', 'hosts: [{name: a}]', 'connection: fleet'),
  runbookText(
    'implements: backup/restore@1',
    'inputs: {size: {type: integer}, name: {type: string, default: y}, more: {type: string, required: false}}',
    'steps: []',
    "outputs: {done: '${{ true }}', at: {type: integer, value: '${{ 1 }}'}}",
  ),
])('check finds what is there', (text) => {
  expect(told(text)).toEqual([]);
});

test.each<[string, string, ...(readonly string[])]>([
  ['a password', documentText('Connection', 'type: ssh', 'password: §hunter2'), 'INVALID_SECRET_REFERENCE'],
  ['a bearer token', documentText('Connection', 'type: http', 'auth: {bearer: §hunter2}'), 'INVALID_SECRET_REFERENCE'],
  [
    'the password of sudo',
    documentText('Inventory', 'hosts: [{name: a, become: {password: {secret: §hunter2}}}]').replace(
      '{secret: §',
      '§{secret: ',
    ),
    'INVALID_SECRET_REFERENCE',
  ],
  [
    'the token of a source, without an owner',
    documentText('Inventory', "source: {url: 'https://cmdb.example/', auth: {bearer: §hunter2}}"),
    'INVALID_SECRET_REFERENCE',
  ],
  [
    'a header that says it is a secret',
    documentText('Inventory', "§source: {url: 'https://cmdb.example/', headers: {x-token: §{secret: hunter2}}}"),
    'MISSING_OWNER',
    'INVALID_SECRET_REFERENCE',
  ],
])('check refuses %s in clear text, and does not repeat it', (_what, marked, ...codes) => {
  const { plain, places } = readMarks(marked);
  const { documents } = loadText('given.yaml', plain, { catalogue });

  const problems = lintDocuments(documents, { catalogue });

  expect(problems.map(({ code, line, column }) => [code, line, column])).toEqual(
    codes.map((code, index) => [code, ...(places[index] ?? [])]),
  );
  expect(JSON.stringify(problems)).not.toContain('hunter2');
});
