import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { fleetInventory } from '../../examples/demo/fleet-inventory';
import { startFleet } from '../support/fleet/fleet';
import type { Fleet } from '../support/fleet/fleet';
import { bootMs, mainstay, startUp, upPlace } from '../support/up-process';
import type { Ran, UpPlace, UpProcess } from '../support/up-process';

/** `mainstay up` in one shell, every other verb in another: the command line as scripts and pipelines rely on it. */
const documents = `
---
apiVersion: mainstay/v1
kind: Team
metadata: {name: web, version: 1.0.0}
spec: {members: [user/anna, user/ben], secrets: ['file:']}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: second-person, version: 1.0.0}
spec: {approvers: [team/web], min: 1, excludeRequester: true}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: greet, version: 1.0.0, owner: team/web}
spec:
  vars: {all: '\${{ inventory.hosts }}'}
  steps:
    - {id: hello, targets: '\${{ vars.all }}', exec: [echo, hello]}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: gated, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: go, approval: {policy: second-person, title: Go on?, due: PT1H, onDue: reject}}
    - {id: done, uses: core.echo, with: {text: done}}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: failing, version: 1.0.0, owner: team/web}
spec:
  vars: {all: '\${{ inventory.hosts }}'}
  onFailure: undo
  steps:
    - {id: write, targets: '\${{ vars.all }}', run: 'echo new > state', undo: {run: 'rm state'}}
    - {id: broken, targets: '\${{ vars.all }}', exec: ['false'], effect: read}
`;

let folder: string;
let file: string;
let fleet: Fleet;
let place: UpPlace;
let up: UpProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-command-line-'));
  file = join(folder, 'all.yaml');
  fleet = await startFleet({ hosts: 2 });
  await writeFile(file, fleetInventory(fleet, 'team/web') + documents);
  place = upPlace(folder);
  up = await startUp(place);
  await must(0, 'apply', file, '--as', 'user/anna');
}, bootMs);

afterAll(async () => {
  await up.stop('SIGTERM');
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
}, bootMs);

/** Runs a verb in a process of its own; its exit code must be this one. */
async function must(exitCode: 0 | 1 | 2, ...args: readonly string[]): Promise<Ran> {
  const ran = await mainstay(place, ...args);
  if (ran.exitCode === exitCode) return ran;
  throw new Error(`mainstay ${args.join(' ')}: exit ${ran.exitCode}, not ${exitCode}\n${ran.stdout}${ran.stderr}`);
}

async function mustJson(exitCode: 0 | 1 | 2, ...args: readonly string[]): Promise<unknown> {
  // All of standard output is one JSON text.
  return JSON.parse((await must(exitCode, ...args, '--json')).stdout);
}

const Keyed = z.record(z.string(), z.unknown());
const Started = z.object({ id: z.string(), number: z.int() });
const Tasks = z.array(z.object({ id: z.string(), runId: z.string() }));

function keysOf(value: unknown): readonly string[] {
  return Object.keys(Keyed.parse(value)).toSorted();
}

const Shown = z.looseObject({
  id: z.string(),
  outcome: z.string().nullable(),
  steps: z.array(z.looseObject({ id: z.string(), hosts: z.array(z.looseObject({ name: z.string() })) })),
  tasks: z.array(z.looseObject({ id: z.string() })),
  undone: z.array(z.string()),
});

const runKeys = [
  'createdAt',
  'definition',
  'degraded',
  'endedAt',
  'error',
  'exceptions',
  'id',
  'inputs',
  'labels',
  'number',
  'outcome',
  'outputs',
  'parent',
  'planDigest',
  'planHash',
  'reason',
  'requester',
  'scope',
  'startedAt',
  'state',
  'undone',
];

async function openTask(run: string): Promise<string> {
  for (;;) {
    const [task] = Tasks.parse(await mustJson(0, 'tasks', '--run', run));
    if (task !== undefined) return task.id;
  }
}

test('apply publishes once: the same text again changes nothing, other text under the same version is refused', async () => {
  const again = await mustJson(0, 'apply', file, '--as', 'user/anna');
  const other = join(folder, 'other.yaml');
  await writeFile(other, (await readFile(file, 'utf8')).replace('[echo, hello]', '[echo, goodbye]'));

  expect(z.array(z.looseObject({ result: z.string() })).parse(again)).toEqual(
    Array.from({ length: 7 }, () => expect.objectContaining({ result: 'unchanged' })),
  );
  expect(await mustJson(1, 'apply', other)).toMatchObject({ error: { code: 'VERSION_EXISTS' } });
});

test(
  'run --wait --json answers the run, and runs, show, logs and audit verify tell the same',
  async () => {
    const waited = await mustJson(0, 'run', 'greet', '--inventory', 'fleet', '--as', 'user/anna', '--wait');
    const run = Shown.parse(waited);
    const shown = await mustJson(0, 'show', run.id);
    const listed = z.array(Keyed).parse(await mustJson(0, 'runs'));
    const logs = await must(0, 'logs', run.id);
    const chunks = await must(0, 'logs', run.id, '--json', '-f');
    const verified = await mustJson(0, 'audit', 'verify', run.id);

    expect(shown).toEqual(waited);
    expect(shown).toMatchObject({ state: 'closed', outcome: 'succeeded', requester: 'user/anna', undone: [] });
    expect(keysOf(shown)).toEqual([...runKeys, 'refused', 'steps', 'tasks'].toSorted());
    expect(run.steps.map(keysOf)).toEqual([
      [
        'attempts',
        'counts',
        'endedAt',
        'error',
        'generation',
        'hosts',
        'id',
        'outputs',
        'path',
        'phase',
        'position',
        'rescued',
        'startedAt',
        'status',
        'verb',
      ],
    ]);
    expect(run.steps[0]).toMatchObject({
      id: 'hello',
      path: 'hello',
      verb: 'exec',
      status: 'succeeded',
      attempts: 1,
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      endedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      error: null,
      hosts: ['h1', 'h2'].map((name) => ({ name, status: 'succeeded', exitCode: 0, durationMs: expect.any(Number) })),
    });
    expect(run.steps.flatMap((step) => step.hosts.map(keysOf))).toEqual(
      ['h1', 'h2'].map(() => ['changed', 'delegate', 'durationMs', 'error', 'exitCode', 'name', 'status']),
    );
    expect(keysOf(listed.find((row) => row['id'] === run.id))).toEqual([...runKeys, 'stateDigest'].toSorted());
    expect(logs.stdout.split('\n').toSorted()).toEqual(['', 'h1 hello | hello', 'h2 hello | hello']);
    expect(
      chunks.stdout
        .trim()
        .split('\n')
        .map((line) => keysOf(JSON.parse(line))),
    ).toEqual(
      ['h1', 'h2'].map(() => ['generation', 'host', 'offset', 'path', 'phase', 'position', 'step', 'stream', 'text']),
    );
    expect(verified).toMatchObject({ ok: true, stream: `run/${run.id}` });
  },
  bootMs,
);

test(
  'a second person approves in another shell what a first one waits for',
  async () => {
    const waiting = mainstay(
      place,
      'run',
      'gated',
      '--as',
      'user/anna',
      '--idempotency-key',
      'once',
      '--wait',
      '--json',
    );
    const { id } = Started.parse(await mustJson(0, 'run', 'gated', '--as', 'user/anna', '--idempotency-key', 'once'));
    const task = await openTask(id);
    const tasks = z.array(Keyed).parse(await mustJson(0, 'tasks'));
    const own = await mustJson(1, 'approve', task, '--as', 'user/anna');
    const approved = await mustJson(0, 'approve', task, '--as', 'user/ben', '--comment', 'seen');
    const { exitCode, stdout } = await waiting;

    expect(tasks.map(keysOf)).toEqual([
      [
        'asked',
        'candidates',
        'closed',
        'dueAt',
        'excludeRequester',
        'form',
        'hosts',
        'id',
        'kind',
        'min',
        'onDue',
        'openedAt',
        'options',
        'path',
        'planHash',
        'rejectOn',
        'runId',
        'show',
        'showHash',
        'title',
        'votes',
      ],
    ]);
    expect(own).toMatchObject({ error: { code: 'DUTIES_NOT_SEPARATE', hint: expect.any(String) } });
    expect(approved).toEqual({ accepted: true, decided: true, choice: 'approve', recorded: 'approve' });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      id,
      outcome: 'succeeded',
      tasks: [{ id: task, closed: { by: ['user/ben'] } }],
    });
    expect(await mustJson(1, 'approve', task, '--as', 'user/ben')).toMatchObject({ error: { code: 'TASK_CLOSED' } });
  },
  bootMs,
);

test(
  'cancel ends a run, resume goes on with it under the same id, and both are refused when there is nothing to do',
  async () => {
    const { id } = Started.parse(await mustJson(0, 'run', 'gated', '--as', 'user/anna'));
    await openTask(id);

    expect(await mustJson(0, 'cancel', id, '--as', 'user/anna')).toMatchObject({ accepted: true });
    await untilClosed(id);
    expect(await mustJson(1, 'cancel', id)).toMatchObject({ error: { code: 'RUN_CLOSED' } });
    expect(await mustJson(0, 'show', id)).toMatchObject({ outcome: 'cancelled' });

    const resumed = mainstay(place, 'resume', id, '--as', 'user/anna', '--wait', '--json');
    await must(0, 'approve', await openTask(id), '--as', 'user/ben');
    expect(await resumed).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await resumed).stdout)).toMatchObject({ id, outcome: 'succeeded' });
    expect(await mustJson(1, 'resume', id)).toMatchObject({ error: { code: 'NOTHING_TO_RESUME' } });
    expect(await mustJson(0, 'audit', 'verify', id)).toMatchObject({ ok: true });
  },
  bootMs,
);

async function untilClosed(id: string): Promise<void> {
  // A feed of a run ends with the run.
  await must(0, 'logs', id, '-f');
}

test(
  'a run that fails exits with 1, and tells what it undone; its export verifies, and one that was changed does not',
  async () => {
    const run = Shown.parse(await mustJson(1, 'run', 'failing', '--inventory', 'fleet', '--as', 'user/anna', '--wait'));
    const exported = join(folder, 'run.jsonl');
    await must(0, 'audit', 'export', run.id, '-o', exported);
    await must(0, 'audit', 'verify', exported);
    await writeFile(exported, (await readFile(exported, 'utf8')).replace('user/anna', 'user/eve'));

    expect(run).toMatchObject({
      state: 'closed',
      outcome: 'undone',
      error: expect.objectContaining({ step: 'broken' }),
    });
    expect(run.undone).toEqual(['write on h1, h2']);
    expect(await mustJson(1, 'audit', 'verify', exported)).toMatchObject({ ok: false });
  },
  bootMs,
);

test.each([
  [1, ['show', '99']],
  [1, ['approve', 'nothing']],
  [1, ['run', 'unknown']],
  [2, ['show']],
  [2, ['runs', '--colour', 'red']],
] as const)('exit %i: mainstay %j', async (exitCode, args) => {
  const { stdout, stderr } = await must(exitCode, ...args);

  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  expect(stderr).not.toBe('');
});
