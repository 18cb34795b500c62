import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { planLocally } from '../../../client/authoring/plan';
import type { LocalRequest } from '../../../client/authoring/plan';
import { checkPaths } from '../../../client/authoring/check';
import { nothingPublished, readPublished } from '../../../activities/plans/published';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-plan-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function document(kind: string, metadata: string, spec: string): string {
  return `apiVersion: mainstay/v1\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\n`;
}

const policy = document('ApprovalPolicy', '{name: two}', '{approvers: [user/anna, user/ben], min: 2}');
const approval = '{steps: [{id: go, approval: {policy: two, title: Go, onDue: reject}}]}';
const gated = document('Runbook', '{name: gated, version: 1.0.0, owner: team/web}', approval);
const onHosts = document(
  'Runbook',
  '{name: up, version: 1.0.0, owner: team/web}',
  '{steps: [{id: up, exec: [uptime], targets: "${{ inventory.hosts }}", effect: read}]}',
);

function inventory(name: string, ...hosts: readonly string[]): string {
  return document(
    'Inventory',
    `{name: ${name}}`,
    `{hosts: [${hosts.map((host) => `{name: ${host}, user: ops}`).join(', ')}]}`,
  );
}

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

async function plan(file: string, change: Partial<LocalRequest> = {}) {
  const planned = await planLocally({ file, inputs: {}, published: nothingPublished, ...change });
  if (!planned.ok) return { codes: planned.problems.map((problem) => problem.code) };
  return {
    hash: planned.bundle.plan.planHash,
    counts: Object.values(planned.bundle.plan.targetSets).map((set) => set.count),
  };
}

test('planLocally() finds a policy in the documents beside the runbook, whatever is wrong in others', async () => {
  const file = await write('run.yaml', gated);
  await write('people.yaml', policy);
  await write('broken.yaml', 'kind: [');

  expect(await plan(file)).toMatchObject({ hash: expect.stringMatching(/^sha256:/) });
});

test('planLocally() tells what it cannot find, and takes it from what is published', async () => {
  const file = await write('run.yaml', gated);
  const definition = { kind: 'ApprovalPolicy', name: 'two', version: '1.0.0', digest: 'd', text: policy, files: {} };
  const published = await readPublished([definition], () => Promise.reject(new Error('no blobs')));

  expect(await plan(file)).toEqual({ codes: ['UNKNOWN_REFERENCE'] });
  expect(await plan(file, { published })).toMatchObject({ hash: expect.any(String) });
});

test('planLocally() takes the inventory by file, by name, or by what the runbook names', async () => {
  const file = await write('run.yaml', onHosts);
  const other = await write('other.yaml', inventory('other', 'a', 'b'));
  await write('hosts.yaml', inventory('lab', 'a', 'b', 'c'));
  const naming = await write('naming.yaml', onHosts.replace('spec: {', 'spec: {inventory: hosts.yaml, '));

  expect(await plan(file)).toMatchObject({ codes: expect.arrayContaining(['MISSING_INVENTORY']) });
  expect(await plan(file, { inventory: other })).toMatchObject({ counts: [2] });
  expect(await plan(file, { inventory: 'lab' })).toMatchObject({ counts: [3] });
  expect(await plan(naming)).toMatchObject({ counts: [3] });
  expect(await plan(file, { inventory: 'moon' })).toEqual({ codes: ['UNKNOWN_REFERENCE'] });
});

test('planLocally() makes --limit part of the hash', async () => {
  const file = await write('run.yaml', onHosts);
  const hosts = await write('hosts.yaml', inventory('lab', 'a', 'b'));

  const whole = await plan(file, { inventory: hosts });
  const limited = await plan(file, { inventory: hosts, limit: ['a'] });

  expect(limited).toMatchObject({ counts: [1] });
  expect(limited.hash).not.toBe(whole.hash);
});

test.each([
  ['no runbook', policy],
  ['two runbooks', `${gated}---\n${onHosts}`],
])('planLocally() refuses a file with %s', async (_what, text) => {
  expect(await plan(await write('run.yaml', text))).toEqual({ codes: ['UNKNOWN_REFERENCE'] });
});

test('planLocally() and checkPaths() answer a path that is not there with a problem', async () => {
  const missing = join(folder, 'nowhere', 'x.yaml');

  expect(await plan(missing)).toEqual({ codes: ['FILE_UNREADABLE'] });
  expect(checkPaths([missing]).problems.map((problem) => problem.code)).toEqual(['FILE_UNREADABLE']);
});

test('checkPaths() tells the problems of every file of a folder, each with its place', async () => {
  await write('a.yaml', gated.replace('approval:', 'aproval:'));
  await write('b.yaml', 'kind: [');
  await write('c.yaml', policy);

  const { documents, problems } = checkPaths([folder]);

  expect(documents).toHaveLength(1);
  expect(new Set(problems.map((problem) => problem.file))).toEqual(
    new Set([join(folder, 'a.yaml'), join(folder, 'b.yaml')]),
  );
  for (const problem of problems)
    expect(problem).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
});

test('checkPaths() counts as sound only documents that nothing is wrong with, and tells each thing once', async () => {
  const unplaced = document('Runbook', '{name: x, version: 1.0.0}', '{steps: [{id: a, exec: [id], delegate: web1}]}');
  await write('a.yaml', unplaced);
  await write('b.yaml', policy);

  const { documents, sound, problems } = checkPaths([folder]);

  expect([documents.length, sound]).toEqual([2, 1]);
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'MISSING_TARGETS spec.steps[0]',
    'DELEGATE_OUTSIDE_BODY spec.steps[0].delegate',
  ]);
});

test('checkPaths() tells of two texts for one kind, name and version', async () => {
  const team = (member: string, version = '1.0.0'): string =>
    document('Team', `{name: web, version: ${version}}`, `{members: [user/${member}]}`);
  await write('a.yaml', `${team('anna')}---\n${team('anna', '1.1.0')}`);
  const same = await write('b.yaml', team('anna'));
  const other = await write('c.yaml', team('ben'));

  const { problems } = checkPaths([folder]);

  expect(same).not.toBe(other);
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'DUPLICATE_DEFINITION',
      file: other,
      path: 'metadata.version',
      message: `Cannot tell which Team "web 1.0.0" is meant: "${join(folder, 'a.yaml')}" has another one in line 3`,
    }),
  ]);
});

test('checkPaths() tells of a rehearsal whose runbook or inventory nobody has, with its place', async () => {
  const file = await write(
    'try.yaml',
    document('Rehearsal', '{name: try}', '{runbook: up, inventory: hosts.yaml}') +
      `---\n${document('Rehearsal', '{name: other}', '\n  runbook: upp\n  inventory: host.yaml')}`,
  );
  await write('up.yaml', onHosts);
  await write('hosts.yaml', inventory('lab', 'a'));

  expect(checkPaths([file]).problems).toEqual([
    expect.objectContaining({ code: 'UNKNOWN_REFERENCE', file, line: 10, column: 12, found: 'upp', nearest: 'up' }),
    expect.objectContaining({ code: 'UNKNOWN_REFERENCE', file, line: 11, column: 14, found: 'host.yaml' }),
  ]);
});
