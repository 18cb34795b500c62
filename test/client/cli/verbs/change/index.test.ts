import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRegistry } from '../../../../../client/published-registry';
import { testApi } from '../../../../support/client/api';
import type { TestApi } from '../../../../support/client/api';
import { testCli } from '../../../../support/client/cli';
import type { TestCli } from '../../../../support/client/cli';
import { fakeChanges } from '../../../../support/client/fake-changes';
import type { FakeChanges } from '../../../../support/client/fake-changes';
import { fakeEngine } from '../../../../support/client/fake-engine';
import { changeEnded, changeScheduled, changeState } from '../../../../platform/store/change-entries';
import { entry, taskOpened } from '../../../../platform/store/entries';

let api: TestApi;
let changes: FakeChanges;
let cli: TestCli;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-change-cli-'));
  api = await testApi(fakeEngine(), undefined, (store) => {
    changes = fakeChanges(store);
    return changes.engine;
  });
  cli = await testCli(api);
});

afterEach(async () => {
  await cli.close();
  await api.close();
  await rm(folder, { recursive: true });
});

async function file(text: string): Promise<string> {
  const path = join(folder, 'change.yaml');
  await writeFile(path, text);
  return path;
}

const upgrade = `model: change/normal
runbook: shop-release@1
title: Release the shop
inputs: { version: 1.2.3 }
window: { start: 2026-11-24T22:00, end: 2026-11-25T02:00, cutoff: 30m, zone: Europe/Berlin }
answers: { impact: many }
`;

const flags = ['--model', 'change/standard', '--runbook', 'deploy', '--title', 'Deploy'];
const window = ['--window-start', '2026-11-24T22:00Z', '--window-end', '2026-11-25T02:00Z'];

async function openOne(): Promise<string> {
  const { stdout } = await cli.run('change', 'open', ...flags, ...window, '--as', 'anna', '--json');
  const { id }: { id: string } = JSON.parse(stdout);
  return id;
}

test('open reads a file, with local times in its zone (R-TIME-3)', async () => {
  const ran = await cli.run('change', 'open', await file(upgrade), '--as', 'anna');

  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^CHG-1 \(c[a-z2-7]{12}\) opened$/) });
  expect(changes.started).toMatchObject([
    {
      change: { requester: 'user/anna' },
      draft: {
        runbook: 'shop-release@1',
        inputs: { version: '1.2.3' },
        window: {
          start: '2026-11-24T21:00:00.000Z',
          end: '2026-11-25T01:00:00.000Z',
          cutoff: '30m',
          zone: 'Europe/Berlin',
        },
      },
    },
  ]);
});

test('open takes options before what the file says', async () => {
  const more = [
    '--title',
    'Another',
    '-i',
    'version=2',
    '-i',
    'fast=yes',
    '--answer',
    'spread=all',
    '--item',
    'service/shop',
  ];

  await cli.run('change', 'open', await file(upgrade), ...more, '--window-end', '2026-11-25T03:00');

  expect(changes.started[0]?.draft).toMatchObject({
    title: 'Another',
    inputs: { version: '2', fast: 'yes' },
    answers: { impact: 'many', spread: 'all' },
    items: ['service/shop'],
    window: { start: '2026-11-24T21:00:00.000Z', end: '2026-11-25T02:00:00.000Z' },
  });
});

test.each([
  // There is no such time that night: the clock goes from 02:00 to 03:00, and it is moved on by the gap.
  ['2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
  // That time comes twice: it is the first.
  ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
])('open reads %s in Europe/Berlin as %s (R-TIME-3)', async (local, instant) => {
  await cli.run(
    'change',
    'open',
    ...flags,
    '--zone',
    'Europe/Berlin',
    '--window-start',
    local,
    '--window-end',
    '2026-12-01T00:00',
  );

  expect(changes.started[0]?.draft.window.start).toBe(instant);
});

test.each([
  ['what is missing', [...window, '--model', 'change/standard', '--title', 'x'], 'runbook'],
  [
    'a local time without a zone',
    [...flags, '--window-start', '2026-11-24T22:00', '--window-end', '2026-11-25T02:00Z'],
    'say where with --zone',
  ],
  [
    'a zone that nobody knows',
    [...flags, '--zone', 'Europe/Atlantis', '--window-start', '2026-11-24T22:00', '--window-end', '2026-11-25T02:00'],
    'it is unknown',
  ],
  [
    'a time that is none',
    [...flags, '--window-start', 'tomorrow', '--window-end', '2026-11-25T02:00Z'],
    'Cannot read "tomorrow"',
  ],
  ['an answer without a question', [...flags, ...window, '--answer', 'many'], 'expected question=answer'],
  ['an item that is none', [...flags, ...window, '--item', 'shop'], 'items.0'],
])('open tells of %s as a misuse', async (_what, args, told) => {
  const ran = await cli.run('change', 'open', ...args);

  expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(told) });
  expect(changes.started).toEqual([]);
});

test('open tells of what is wrong in a file with line and column', async () => {
  const ran = await cli.run(
    'change',
    'open',
    await file('model: change/normal\ncolour: red\nwindow: { start: soon }\n'),
  );

  expect(ran.exitCode).toBe(1);
  expect(ran.stdout + ran.stderr).toContain('change.yaml:2:1');
  expect(ran.stdout + ran.stderr).toContain('change.yaml:3:18');
});

test('open --submit sends both, and says the phase and every warning', async () => {
  const result = { accepted: true, phase: 'authorising', warnings: ['service/shop: is taken by CHG-7'] };
  changes.answer({ kind: 'answered', result });

  const ran = await cli.run('change', 'open', ...flags, ...window, '--submit', '--as', 'anna');

  expect(ran).toMatchObject({ exitCode: 0, stdout: 'CHG-1: submit accepted, now draft' });
  expect(ran.stderr).toContain('service/shop: is taken by CHG-7');
  expect(changes.sent).toMatchObject([{ payload: { action: 'submit', actor: 'user/anna' } }]);
});

test('a refusal is exit code 1, with every problem in words and what to do', async () => {
  await openOne();
  const problems = ['host/a: it is taken by CHG-7', 'host/b: it is taken by CHG-7'];
  changes.answer({
    kind: 'answered',
    result: { accepted: false, code: 'CHANGE_CONFLICTS', reason: 'Cannot submit CHG-1', problems },
  });

  const ran = await cli.run('change', 'submit', 'CHG-1', '--as', 'anna');

  expect(ran.exitCode).toBe(1);
  for (const told of ['CHANGE_CONFLICTS: Cannot submit CHG-1', ...problems, 'Reschedule it'])
    expect(ran.stderr).toContain(told);
});

test('submit --wait tells what happens until the change is over, and exits by its outcome', async () => {
  const id = await openOne();
  await api.store.journal.append(`run/${id}`, [
    changeState('authorising', 2_000),
    entry('change.flagged', { flag: 'overrun', reason: 'late' }, { at: 3_000 }),
    changeState('closed', 4_000),
    changeEnded(5_000),
  ]);

  const good = await cli.run('change', 'submit', 'CHG-1', '--wait');
  const failed = { ...changeEnded(6_000), key: 'e2' };
  const ended = entry(
    'change.ended',
    { outcome: 'failed', flags: {}, runId: null, stateDigest: '' },
    { key: 'e2', at: failed.at },
  );
  await api.store.journal.append(`run/${id}`, [ended]);
  const bad = await cli.run('change', 'submit', 'CHG-1', '--wait', '--json');

  expect(good).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('closed, successful') });
  expect(bad.exitCode).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({ outcome: 'failed', flags: ['overrun'] });
});

test('list shows number, state, window and title, and takes filters', async () => {
  await openOne();
  const id = await openOne();
  await api.store.journal.append(`run/${id}`, [
    changeScheduled({ startMs: 0, endMs: 3_600_000 }),
    changeState('scheduled'),
  ]);

  const all = await cli.run('change', 'list', '--open');
  const scheduled = await cli.run('change', 'list', '--phase', 'scheduled', '--requester', 'anna', '--json');
  const wrong = await cli.run('change', 'list', '--phase', 'sleeping');

  expect(all.stdout.split('\n')).toEqual([
    'CHG-2\tscheduled\t-\t1970-01-01T00:00Z/1970-01-01T01:00Z\tuser/anna\t\tDeploy',
    'CHG-1\tdraft\t-\t-\tuser/anna\t\tDeploy',
  ]);
  expect(JSON.parse(scheduled.stdout)).toMatchObject([{ number: 2 }]);
  expect(wrong.exitCode).toBe(2);
});

test('show tells window in its zone and in UTC, T_decide, who is asked, what is in the way, and what happened', async () => {
  await cli.run('change', 'open', await file(upgrade), '--as', 'anna');
  const id = changes.started[0]?.change.id ?? '';
  const start = Date.parse('2026-11-24T21:00:00Z');
  const hour = 3_600_000;
  const work = { p95Ms: hour, lastTaskStartP95Ms: hour / 2, backOutP95Ms: hour };
  const plan = {
    planHash: 'h1',
    planDigest: 'p1',
    definition: 'shop-release@1.0.0',
    hosts: 3,
    items: ['host/a'],
    work,
    source: 'history',
  };
  const conflict = {
    kind: 'parent-scheduled',
    severity: 'warns',
    item: 'host/a',
    through: 'service/shop',
    change: 'cother',
    owner: 'user/ben',
  };
  const during = { startMs: start, endMs: start + hour };
  await api.store.journal.append(`run/${id}`, [
    entry('change.planned', { generation: 1, ...plan }),
    entry('change.assessed', { type: 'normal', score: 7, risk: 'moderate', by: 'engine' }),
    changeScheduled({ startMs: start, endMs: start + 4 * hour, cutoffMs: hour / 2 }),
    entry('change.conflicts', {
      at: 'submission',
      verdict: 'warned',
      conflicts: [{ ...conflict, during, nextFree: null }],
    }),
    changeState('authorising'),
    taskOpened({ id: `${id}-1`, title: 'CHG-1 Release the shop', candidates: ['team/change-managers'], min: 2 }),
  ]);

  const { stdout } = await cli.run('change', 'show', 'CHG-1');

  for (const told of [
    'requested by user/anna, model change/normal, normal, risk moderate (score 7)',
    'window Tue 2026-11-24 22:00 +01:00 (2026-11-24T21:00Z) to Wed 2026-11-25 02:00 +01:00 (2026-11-25T01:00Z), Europe/Berlin',
    'nothing starts after Wed 2026-11-25 01:30 +01:00',
    // 02:00 − 1 h of back-out − 6 min of safety.
    'the back-out starts at Wed 2026-11-25 00:54 +01:00',
    'shop-release@1.0.0 on 3 hosts, plan h1',
    'predicted 1 h 00 min and 1 h 00 min to go back (p95, from history)',
    'warns: host/a parent-scheduled by cother of user/ben (through service/shop)',
    'CHG-1 Release the shop: open, 2 of team/change-managers',
    'draft → authorising: because of authorising',
  ])
    expect(stdout).toContain(told);
});

test('edit changes what the options name, and leaves the rest as it is', async () => {
  await cli.run('change', 'open', await file(upgrade), '--as', 'anna');

  const ran = await cli.run('change', 'edit', 'CHG-1', '--title', 'Another title', '--as', 'anna');

  expect(ran.exitCode).toBe(0);
  const draft = changes.started[0]?.draft;
  expect(changes.sent).toMatchObject([{ payload: { action: 'edit', draft: { ...draft, title: 'Another title' } } }]);
});

test('edit with a file takes all that it says, and nothing of what was there before', async () => {
  await openOne();

  await cli.run('change', 'edit', 'CHG-1', await file(upgrade), '--as', 'anna');

  expect(changes.sent).toMatchObject([
    { payload: { action: 'edit', draft: { model: 'change/normal', title: 'Release the shop' } } },
  ]);
});

test('reschedule and extend read times in the zone of the change', async () => {
  await cli.run('change', 'open', await file(upgrade), '--as', 'anna');

  await cli.run(
    'change',
    'reschedule',
    '1',
    '--window-start',
    '2026-11-25T22:00',
    '--window-end',
    '2026-11-26T02:00',
    '--reason',
    'taken',
  );
  await cli.run('change', 'extend', '1', '--window-end', '2026-11-26T03:00Z');

  expect(changes.sent).toMatchObject([
    {
      payload: {
        action: 'reschedule',
        startMs: Date.parse('2026-11-25T21:00:00Z'),
        endMs: Date.parse('2026-11-26T01:00:00Z'),
        reason: 'taken',
      },
    },
    { payload: { action: 'extend', endMs: Date.parse('2026-11-26T03:00:00Z') } },
  ]);
});

test('cancel, revise and review say what they were told', async () => {
  await openOne();

  await cli.run('change', 'cancel', '1', '--keep', '--reason', 'no need');
  await cli.run('change', 'revise', '1', '--reason', 'wrong plan');
  const ticket = ['--ticket', 'deploy/host:b=OPS-7'];
  await cli.run(
    'change',
    'review',
    '1',
    '--outcome',
    'successful-with-issues',
    '--text',
    'one is left',
    ...ticket,
    '--as',
    'ben',
  );

  expect(changes.sent.map(({ payload }) => payload)).toMatchObject([
    { action: 'cancel', keep: true, reason: 'no need' },
    { action: 'revise', reason: 'wrong plan' },
    {
      action: 'review',
      actor: 'user/ben',
      review: { outcome: 'successful-with-issues', text: 'one is left', tickets: { 'deploy/host:b': 'OPS-7' } },
    },
  ]);
});

test('plan of a draft says why it would be refused, keeps nothing, and exits with 1', async () => {
  const ran = await cli.run('change', 'plan', await file(upgrade), '--as', 'anna');
  const asJson = await cli.run('change', 'plan', await file(upgrade), '--as', 'anna', '--json');

  expect(ran).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('It would be refused') });
  expect(ran.stdout).toContain('DEFINITION_NOT_FOUND');
  expect(JSON.parse(asJson.stdout)).toMatchObject({ planned: null });
  expect(changes.started).toEqual([]);
  expect((await cli.run('change', 'list')).stdout).toBe('');
});

test('plan of a change that can be submitted shows plan, risk, approvers, times and conflicts, and exits with 0', async () => {
  const runbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: hello, version: 1.0.0, title: Say hello, owner: team/web }
spec: { steps: [{ id: greet, uses: core.echo, with: { text: hello }, estimate: 10m }] }
---
apiVersion: mainstay/v1
kind: Team
metadata: { name: web }
spec: { members: [user/anna] }
`;
  await createRegistry(api.store).apply([{ name: 'a.yaml', text: runbook, files: {} }], {
    actor: 'user/anna',
    via: 'cli',
  });
  await cli.run(
    'change',
    'open',
    ...flags.map((flag) => (flag === 'deploy' ? 'hello' : flag)),
    ...window,
    '--as',
    'anna',
  );

  const ran = await cli.run('change', 'plan', 'CHG-1');

  expect(ran.exitCode).toBe(0);
  for (const told of [
    'Say hello (hello 1.0.0) on 0 hosts',
    'model      change/standard 1.0.0, standard',
    'risk       low (score 0)',
    'takes      10 min 00 s, and 0 ms to go back (p95, from runbook)',
    'T_decide   the duty manager is asked at 2026-11-25T01:50Z, the back-out starts at 2026-11-25T01:55Z',
    'conflicts  clear',
    'It can be submitted',
  ])
    expect(ran.stdout).toContain(told);
});

test.each([
  ['an unknown change', ['show', 'CHG-9'], 1],
  ['a plan of an unknown change', ['plan', 'CHG-9'], 1],
  ['an outcome that is none', ['review', '1', '--outcome', 'fine'], 2],
  ['a window without an end', ['reschedule', '1', '--window-start', '2026-11-25T22:00Z'], 2],
])('%s is told with the exit code that says whose fault it is', async (_what, args, exitCode) => {
  expect((await cli.run('change', ...args)).exitCode).toBe(exitCode);
});
