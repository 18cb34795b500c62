import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { ApplicationFailure } from '@temporalio/common';
import type { DataConverter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';

import { dataConverter } from '../../platform/data-converter';
import { parsePayloadKeys } from '../../platform/payload-keys';
import { bundleWorkflows } from '../../workers/bundle';
import type { TaskStep, WaitStep } from '../../workflows/runbook/plan';
import { task } from '../activities/runtime/fixture';
import { program } from '../support/program';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';
import { startRun } from './start-run';

const workflowsPath = join(__dirname, '../../workflows/index.ts');
const [old, current] = [
  `key-of-2025:${randomBytes(32).toString('base64')}`,
  `key-of-2026:${randomBytes(32).toString('base64')}`,
];

function converter(keys: string): DataConverter {
  const payloads = { encryption: 'on', keys: parsePayloadKeys(keys) ?? [] } as const;
  const temporal = { address: null, namespace: '', apiKey: null, tls: null };
  return dataConverter({ payloads, temporal, databaseUrl: null });
}

const [before, after] = [converter(old), converter(`${current},${old}`)];
const spoken = 'words-4711-that-nobody-else-may-read';

let engine: EngineUnderTest;
let code = '';

beforeAll(async () => {
  const boom = () => Promise.reject(ApplicationFailure.nonRetryable(`Cannot go on: ${spoken} in a failure`, 'BOOM'));
  engine = await openEngine({ workflowsPath, dataConverter: before, activities: { 'core.sleep': boom } });
  code = await bundleWorkflows(workflowsPath);
}, 60_000);

afterAll(() => engine.close());

function step(id: string, name: string, input: Readonly<Record<string, string>>): TaskStep {
  const operation = {
    name,
    effect: 'read',
    light: name === 'core.echo',
    input: { literal: input },
    timeoutMs: 5_000,
  } as const;
  return task(id, { verb: 'uses', where: { on: 'worker' }, operation });
}

test('no word of a run is readable in its history, nor of its failures; an open run goes on over a rotation of the key, and old histories replay', async () => {
  const stopBefore = await engine.startWorker();
  const { reads, keep } = step('common', 'core.echo', {});
  const wait: WaitStep = {
    kind: 'wait',
    at: 'news',
    id: 'news',
    verb: 'wait',
    onFailure: 'stop',
    reads,
    keep,
    wait: { event: 'goOn', since: 'run', onDue: 'fail' },
  };
  const run = await startRun(
    engine,
    program([step('first', 'core.echo', { text: spoken }), wait, step('second', 'core.sleep', { for: spoken })]),
  );
  await eventually(async () => (await engine.store.views.steps(run.id)).some(({ path }) => path === 'news'));
  await stopBefore();

  const stopAfter = await engine.startWorker({ dataConverter: after, maxCachedWorkflows: 0 });
  const message = { id: 'e1', name: 'goOn', data: { said: spoken }, actor: 'user/ben', via: 'cli' };
  await run.handle.signal('event', message);
  await eventually(async () => (await engine.store.views.run(run.id))?.state === 'closed');
  await stopAfter();

  const history = await run.handle.fetchHistory();
  const text = historyToJSON(history);
  const decoded = [...text.matchAll(/"([A-Za-z0-9+/=]{8,})"/g)].map(([, found = '']) =>
    Buffer.from(found, 'base64').toString('latin1'),
  );
  expect([text, ...decoded].filter((found) => found.includes('words-4711'))).toEqual([]);
  expect(new Set(decoded.filter((found) => found.startsWith('key-of-')))).toEqual(
    new Set(['key-of-2025', 'key-of-2026']),
  );
  expect(await engine.store.views.run(run.id)).toMatchObject({ outcome: 'failed' });
  await Worker.runReplayHistory({ workflowBundle: { code }, dataConverter: after }, history, run.handle.workflowId);
}, 60_000);

/** What the store will say before long; there is nothing to wait on but to ask again. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('Cannot see what the run should come to: it does not get there');
}
