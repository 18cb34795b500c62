import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hashPlan, planBytes } from '../../../../definitions/plan-hash';
import type { AnyJournalEntry } from '../../../../workflows/domain/journal';
import { backupFact } from '../../../platform/store/backup-entries';
import { changeEnded, changeOpened } from '../../../platform/store/change-entries';
import { entry } from '../../../platform/store/entries';
import { fakeEngine } from '../../../support/client/fake-engine';
import { runCreated, runEnded } from '../../../support/client/journal';
import { planBundle } from '../../../support/client/plan';
import { testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';

const { plan } = planBundle();
const hashes = hashPlan(plan);

let api: TestApi;
let cli: TestCli;
let folder = '';
let file = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-evidence-'));
  file = join(folder, 'run-12.jsonl');
  api = await testApi(fakeEngine());
  cli = await testCli(api);
  await api.store.journal.append('run/r12', [runCreated(hashes), vote], [planBytes(plan)]);
});

afterEach(async () => {
  await cli.close();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const vote: AnyJournalEntry = {
  key: 'vote',
  kind: 'vote.cast',
  at: 5,
  actor: 'user/bob',
  via: 'mail',
  payload: {
    taskId: 't1',
    id: 'v1',
    actor: 'user/bob',
    via: 'mail',
    choice: 'approve',
    comment: 'Ring me: 555-0100',
    form: null,
    planHash: hashes.planHash,
  },
};

test('mainstay evidence writes one file that verifies without the engine: plan, journal, votes', async () => {
  const written = await cli.run('evidence', '12', '-o', file);
  const verified = await cli.run('audit', 'verify', file, '--json');

  expect(written).toMatchObject({ exitCode: 0, stdout: '' });
  expect(verified.exitCode).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({
    ok: true,
    header: { name: 'run-12', stream: 'run/r12' },
    count: 2,
    verified: expect.arrayContaining([
      `plan ${hashes.planHash} of hello@1.0.0 is whole, and is the one that the journal names`,
      'user/bob chose "approve" (cast, by mail) for a plan in this file',
    ]),
  });
});

test('mainstay evidence of a change has its plan and the head of the run that carried it out', async () => {
  const { journal } = api.store;
  const planned = { generation: 1, ...hashes, definition: 'hello@1.0.0', hosts: 2, items: [] };
  await journal.append(
    'run/c0000000000001',
    [changeOpened(3), entry('change.planned', planned), changeEnded()],
    [planBytes(plan)],
  );
  await journal.append('run/r1', [runCreated({ number: 13, parent: 'c0000000000001' }), runEnded()]);

  await cli.run('evidence', 'CHG-3', '-o', file);
  const verified = await cli.run('audit', 'verify', file);

  expect(verified.exitCode).toBe(0);
  expect(verified.stdout).toMatch(/^evidence verified: change-3, 3 entries/);
  expect(verified.stdout).toContain(`holds: plan ${hashes.planHash} of hello@1.0.0 is whole`);
  expect(verified.stdout).toContain('not verified: what the journal of run 13 says');
});

test('mainstay evidence of a drill has what auditors ask for (R-DRILL-7)', async () => {
  const evidence = { backupId: 'b7', digest: 'sha256:1', operator: 'user/anna', approver: 'user/ben', leftovers: [] };
  await api.store.journal.append('run/b0000000000001', [
    backupFact('backup.opened', { kind: 'drill' }),
    backupFact('backup.verdict', { verdict: 'passed', evidence }),
  ]);

  await cli.run('evidence', 'b0000000000001', '-o', file);

  expect((await cli.run('audit', 'verify', file)).stdout).toMatch(
    /^evidence verified: drill-b0000000000001, 2 entries/,
  );
  const parts = readFileSync(file, 'utf8').trimEnd().split('\n');
  const verdict: unknown = parts.map((line): unknown => JSON.parse(line)).find(isVerdict);
  expect(verdict).toMatchObject({ payload: expect.stringContaining('"operator":"user/anna"') });
});

function isVerdict(part: unknown): boolean {
  return typeof part === 'object' && part !== null && Reflect.get(part, 'kind') === 'backup.verdict';
}

test('mainstay evidence of a run that a checkpoint covers proves that it does', async () => {
  const first = await cli.run('audit', 'checkpoint');
  const second = await cli.run('audit', 'checkpoint');
  await cli.run('evidence', '12', '-o', file);

  expect(first.stdout).toMatch(/^Checkpoint 1 made; \d+ states of journals, root [0-9a-f]{64}$/);
  expect(second.stdout).toMatch(/^Checkpoint 1 stands since .*: no journal has grown/);
  expect((await cli.run('audit', 'verify', file)).stdout).toMatch(/holds: entries 1 to 2 are in checkpoint 1/);
});

test('mainstay evidence brings every state that was covered, its child runs too, and names what is not yet under a checkpoint', async () => {
  const { journal } = api.store;
  await journal.append('run/r1', [runCreated({ number: 13, parent: 'r12' })]);
  await cli.run('audit', 'checkpoint');
  await journal.append('run/r12', [{ ...vote, key: 'vote 2' }]);
  await cli.run('audit', 'checkpoint');
  await journal.append('run/r12', [runEnded()]);
  await journal.append('run/r1', [runEnded()]);

  await cli.run('evidence', '12', '-o', file);
  const { stdout } = await cli.run('audit', 'verify', file);

  expect(stdout).toMatch(/holds: entries 1 to 3 are in checkpoint 2/);
  expect(stdout).toContain('holds: the 2 states of this journal in it are all beginnings of this one');
  expect(stdout).toContain('holds: the journal of run 13 (r1) has 1 entries under that checkpoint');
  expect(stdout).toMatch(/not verified: entry 4 \(4 ".*"\): not yet under a checkpoint/);
  expect(stdout).toContain('not verified: entries 2 to 2 of the journal of run 13: not yet under a checkpoint');
});

test('mainstay evidence of a long run comes in pieces, with progress, and to standard output where no file is named', async () => {
  const entries = Array.from({ length: 60 }, (_, index) => ({
    ...vote,
    key: `vote ${index}`,
    payload: { ...vote.payload, comment: 'x'.repeat(300_000) },
  }));
  for (let start = 0; start < entries.length; start += 20)
    await api.store.journal.append('run/r12', entries.slice(start, start + 20));

  const written = await cli.run('evidence', '12', '-o', file);
  const printed = await cli.run('evidence', '12');

  expect(written.stderr).toMatch(/^ {2}1\d MB so far\nWrote /);
  expect(readdirSync(folder)).toEqual(['run-12.jsonl']);
  expect(printed.stdout.length).toBeGreaterThan(18_000_000);
  expect(await cli.run('audit', 'verify', file)).toMatchObject({ exitCode: 0 });
}, 30_000);

test('mainstay evidence of nothing leaves the file as it was', async () => {
  writeFileSync(file, 'what was there');

  const refused = await cli.run('evidence', '99', '-o', file);

  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('RUN_NOT_FOUND') });
  expect(readFileSync(file, 'utf8')).toBe('what was there');
  expect(readdirSync(folder)).toEqual(['run-12.jsonl']);
});

test('mainstay audit verify of evidence of another format says which program reads it', async () => {
  await cli.run('evidence', '12', '-o', file);
  writeFileSync(file, readFileSync(file, 'utf8').replace('mainstay/evidence/2', 'mainstay/evidence/1'));

  const refused = await cli.run('audit', 'verify', file);

  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('Cannot read the file: its format is "mainstay/evidence/1"');
});

test('mainstay audit verify of evidence that was changed names the entry', async () => {
  await cli.run('evidence', '12', '-o', file);
  writeFileSync(file, readFileSync(file, 'utf8').replace('555-0100', '555-0101'));

  const refused = await cli.run('audit', 'verify', file);

  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toMatch(/^audit failed: \d+ problems\n {2}entry 2 changed: /);
});

describe('mainstay audit redact', () => {
  test('takes the content of an entry out of everything, says so, and the evidence still verifies', async () => {
    await api.store.journal.append('run/r12', [runEnded()]);
    await cli.run('audit', 'checkpoint');

    const redacted = await cli.run('audit', 'redact', '12', '2', '--reason', 'request 4711', '--as', 'user/dpo');
    await cli.run('evidence', '12', '-o', file);
    const verified = await cli.run('audit', 'verify', file);

    expect(redacted).toMatchObject({ exitCode: 0, stdout: 'The content of entry 2 of run-12 is taken out' });
    expect(readFileSync(file, 'utf8')).not.toContain('555-0100');
    expect(verified.exitCode).toBe(0);
    expect(verified.stdout).toMatch(
      /not verified: the content of entry 2: user\/dpo took it out on .* \(request 4711\)/,
    );
    expect((await api.store.journal.read('run/r12')).at(-1)).toMatchObject({
      kind: 'journal.redacted',
      actor: 'user/dpo',
    });
  });

  test.each([
    ['2', 'REDACTION_REFUSED', 'it is not over'],
    ['1', 'REDACTION_REFUSED', '"run.created" says what the process is'],
    ['99', 'ENTRY_NOT_FOUND', 'it has none'],
  ])('of entry %s of an open run is refused with %s', async (seq, code, state) => {
    const refused = await cli.run('audit', 'redact', '12', seq, '--reason', 'asked', '--as', 'user/dpo');

    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(code);
    expect(refused.stderr).toContain(state);
    expect(await api.store.journal.head('run/r12')).toMatchObject({ count: 2 });
  });
});

describe('mainstay audit verify --all', () => {
  test('verifies every journal against the newest checkpoint', async () => {
    await cli.run('audit', 'checkpoint');

    const verified = await cli.run('audit', 'verify', '--all');

    expect(verified.exitCode).toBe(0);
    expect(verified.stdout).toMatch(/^audit verified: \d+ journals, \d+ entries; 1 checkpoint, the newest of /);
  });

  test('goes on from page to page, with progress', async () => {
    for (let number = 100; number < 160; number += 1)
      await api.store.journal.append(`run/p${number}`, [runCreated({ number })]);

    const verified = await cli.run('audit', 'verify', '--all', '--json');

    expect(verified.exitCode).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, entries: expect.any(Number), newest: null });
    expect(verified.stderr).toMatch(/50 journals, \d+ entries so far/);
  });

  test.each([[[]], [['12', '--all']]])('wants a run, a file or --all, and only one of them: %j', async (args) => {
    expect(await cli.run('audit', 'verify', ...args)).toMatchObject({ exitCode: 2 });
  });
});
