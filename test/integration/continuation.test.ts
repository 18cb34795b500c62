import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ConnectorImplementation, OperationContext, OperationResult } from '../../activities/connector';
import type { JsonObject } from '../../workflows/domain/json';
import type { TestServer } from '../support/test-server';
import { startTestServer } from '../support/test-server';
import { openStage } from './stage';
import type { Stage } from './stage';

const documents = `apiVersion: mainstay/v1
kind: Team
metadata: {name: web}
spec: {members: [user/anna, user/ben]}
---
apiVersion: mainstay/v1
kind: Inventory
metadata: {name: fleet}
spec: {hosts: [{name: web1, address: 10.20.0.11, user: deploy}, {name: web2, address: 10.20.0.12, user: deploy}]}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: child, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: news, wait: {event: {name: goOn, since: run, due: PT1H, onDue: fail}}}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: everything-at-once, version: 1.0.0, owner: team/web}
spec:
  steps:
    - id: all
      parallel:
        - id: many
          forEach: {in: '\${{ inputs.items }}', as: item, parallel: 5}
          steps: [{id: small, uses: core.sleep, with: {for: PT0S}}]
        - {id: job, exec: [long-job], targets: '\${{ inventory.hosts }}'}
        - {id: child, runbook: child@1}
        - {id: ask, manual: {title: Go on?, assignees: [team/web], options: [yes, no], due: PT1H, onDue: no}}
        - {id: news, wait: {event: {name: goOn, since: run, due: PT1H, onDue: fail}}}
  inputs: {items: {type: array}}
`;

/** A job that goes on on its host whoever watches it, until it is told to end. */
class LongJobs {
  readonly watched: string[] = [];
  readonly #ended = new AbortController();

  end(): void {
    this.#ended.abort();
  }

  get connector(): ConnectorImplementation {
    return {
      operations: { exec: { perform: (_input: JsonObject, context) => this.#watch(context) } },
      close: () => Promise.resolve(),
    };
  }

  async #watch({ key, signal }: OperationContext): Promise<OperationResult> {
    this.watched.push(key);
    if (!this.#ended.signal.aborted) await Promise.race([once(this.#ended.signal, 'abort'), once(signal, 'abort')]);
    signal.throwIfAborted();
    return { status: 'succeeded', result: { exitCode: 0 }, changed: true, startedAt: 0, endedAt: 1 };
  }
}

let folder: string;
let server: TestServer;
let stage: Stage;
const jobs = new LongJobs();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-continuation-'));
  server = await startTestServer({ folder, eventsPerHistory: 150 });
  stage = await openStage({ documents, server: server.address, connectors: { ssh: jobs.connector } });
}, 90_000);

afterAll(async () => {
  await stage.close();
  await server.server.stop();
  await rm(folder, { recursive: true, force: true });
});

// D7: what crosses is the state; a job is watched anew under the same key, a task, a child and a wait are the same as before.
test('a run continues as new with a job, a child, a task and a wait in flight, and loses none of them (D7)', async () => {
  const runId = await stage.start('everything-at-once', { items: Array.from({ length: 100 }, (_, index) => index) });
  const before = await stage.until(runId, ({ tasks }) => tasks.length === 1);
  await stage.until(runId, async () => (await stage.histories(runId)).length > 1);

  await stage.answer(runId, { actor: 'user/anna', choice: 'yes' });
  await stage.signal(await stage.childOf(runId));
  await stage.signal(runId);
  jobs.end();

  const run = await stage.until(runId, ({ state }) => state === 'closed');
  expect(run).toMatchObject({ outcome: 'succeeded', tasks: [{ id: before.tasks[0]?.id, closed: { choice: 'yes' } }] });
  expect(new Set(jobs.watched).size).toBe(2);
  expect(jobs.watched.length).toBeGreaterThan(2);
  const job = run.steps.find(({ path }) => path === 'all/job');
  expect(job?.hosts.map(({ name, status }) => [name, status])).toEqual([
    ['web1', 'succeeded'],
    ['web2', 'succeeded'],
  ]);
  expect(run.steps.filter(({ id, status }) => id === 'small' && status === 'succeeded')).toHaveLength(100);
  expect(await stage.under.store.views.runs({ parent: runId, limit: 10 })).toMatchObject([{ outcome: 'succeeded' }]);
  const journal = await stage.under.store.journal.read(`run/${runId}`);
  expect(journal.filter(({ kind }) => kind === 'task.opened')).toHaveLength(1);
}, 90_000);
