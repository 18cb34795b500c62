import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { z } from 'zod';

import type { RunView } from '../../client/engine';
import { createRegistry } from '../../client/published-registry';
import type { RecoveringEngine } from '../../client/run-engine';
import { createTemporalEngine } from '../../client/temporal-engine';
import { requestHeaders } from '../../client/temporal-engine/request-headers';
import { dataConverter } from '../../platform/data-converter';
import { parsePayloadKeys } from '../../platform/payload-keys';
import { withinRequest } from '../../platform/request-context';
import { readableIn } from '../support/clear-payloads';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';

/** Stands in everything that people and hosts say: titles, inputs, results, comments, events, failures. */
const word = `Word-${randomBytes(9).toString('hex')}`;
const requestId = `request-${randomBytes(6).toString('hex')}`;

const documents = `apiVersion: mainstay/v1
kind: Team
metadata: {name: web}
spec: {members: [user/anna, user/ben]}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: one-of-web}
spec: {approvers: [team/web], min: 1}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: below, version: 1.0.0, title: Below ${word}, owner: team/web}
spec:
  inputs: {text: {type: string}}
  steps: [{id: said, uses: core.echo, with: {text: '\${{ inputs.text }}'}}]
  outputs: {text: '\${{ inputs.text }}'}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: wordy, version: 1.0.0, title: Say ${word}, owner: team/web}
spec:
  inputs: {text: {type: string}}
  steps:
    - {id: light, name: 'Say ${word}', uses: core.echo, with: {text: '\${{ inputs.text }}'}}
    - {id: child, runbook: below@1, with: {text: '\${{ inputs.text }}'}}
    - {id: go, approval: {policy: one-of-web, title: 'Go on with ${word}?', due: PT1H, onDue: reject}}
    - {id: news, wait: {event: {name: told, since: run, due: PT1H, onDue: fail}}}
    - {id: broken, uses: core.sleep, with: {for: PT1S}}
`;

let under: EngineUnderTest;
let engine: RecoveringEngine;

beforeAll(async () => {
  const payloads = {
    encryption: 'on',
    keys: parsePayloadKeys(`k1:${randomBytes(32).toString('base64')}`) ?? [],
  } as const;
  const temporal = { address: null, namespace: '', apiKey: null, tls: null };
  const converter = dataConverter({ payloads, temporal, databaseUrl: null });
  const cause = new Error(`because of ${word}`);
  const boom = () =>
    Promise.reject(
      ApplicationFailure.create({ message: `no ${word}`, type: 'BOOM', nonRetryable: true, details: [word], cause }),
    );
  under = await openEngine({
    workflowsPath: join(__dirname, '../../workflows/index.ts'),
    dataConverter: converter,
    activities: { 'core.sleep': boom },
  });
  const { connection, namespace, taskQueue } = under.environment;
  const interceptors = { workflow: [requestHeaders] };
  const client = new Client({ connection, namespace, dataConverter: converter, interceptors });
  engine = createTemporalEngine({ store: under.store, client, taskQueue, answerTimeoutMs: 10_000 });
  await under.startWorker();
}, 60_000);

afterAll(() => under.close());

test('what stays readable of a run in raw histories is names, ids and times: nothing that was put in, came out or failed', async () => {
  const registry = createRegistry(under.store);
  await registry.apply([{ name: 'wordy.yaml', text: documents, files: {} }], { actor: 'user/anna', via: 'test' });
  const bundle = await registry.compile({ definition: 'wordy', inputs: { text: word } });
  const { id } = await asRequest(() => engine.start({ ...bundle, requester: 'user/carl', via: 'test' }));

  const taskId = await openTask(id);
  const vote = { taskId, actor: 'user/ben', via: 'test', comment: word };
  await asRequest(() => engine.answer({ ...vote, choice: word }));
  await asRequest(() => engine.answer({ ...vote, choice: 'approve' }));
  await until(id, ({ steps }) => steps.some((step) => step.id === 'news'));
  const event = { id: 'e1', name: 'told', data: { said: word }, actor: 'user/ben', via: 'test' };
  await asRequest(() => engine.signal(id, event));
  await until(id, ({ endedAt }) => endedAt !== null);

  // What was said has really been said, and is where it belongs.
  const journal = await under.store.journal.read(`run/${id}`);
  expect(journal.filter(({ payload }) => payload?.includes(word)).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['vote.cast', 'event.received', 'run.ended']),
  );
  const children = await under.store.views.runs({ parent: id, limit: 10 });
  expect(children).toHaveLength(1);
  const clear = new Set<string>();
  for (const run of [id, ...children.map((child) => child.id)]) {
    const raw = await under.environment.client.workflow.getHandle(`run/${run}`).fetchHistory();
    const { payloads, encrypted, texts } = readableIn(historyToJSON(raw));

    expect(encrypted).toBeGreaterThan(3);
    expect([...texts, ...payloads.map(({ text }) => text)].filter((text) => text.includes(word))).toEqual([]);
    expect(payloads.filter(({ path, text }) => !isHarmless(path, text))).toEqual([]);
    for (const { path } of payloads) clear.add(path.split('.').at(-1) ?? '');
  }
  // They were looked at: whoever searches must be able to find.
  expect([...clear]).toEqual(expect.arrayContaining(['payloads', 'mainstay-request-id', 'Requester']));
}, 60_000);

const Time = z.strictObject({ seconds: z.number(), nanos: z.number() });

/** Which local activity it was: its result and its failure stand beside it, encrypted. */
const Marker = z.strictObject({
  seq: z.number(),
  attempt: z.number(),
  activity_id: z.string().regex(/^\d+$/),
  activity_type: z.string().regex(/^[\w.]+$/),
  complete_time: Time,
  backoff: Time.nullable(),
  original_schedule_time: Time,
});

/** Payloads that no codec is asked about: the server itself reads them, or the client of Temporal does. */
const harmless: readonly (readonly [path: RegExp, content: z.ZodType])[] = [
  // Names and ids, by which runs are found.
  [/\.searchAttributes\.indexedFields\.\w+$/, z.union([z.string(), z.array(z.string())])],
  [/\.header\.fields\.mainstay-request-id$/, z.literal(requestId)],
  [/^markerRecordedEventAttributes\.details\.data\.payloads$/, Marker],
];

function isHarmless(path: string, text: string): boolean {
  return harmless.some(([place, content]) => place.test(path) && content.safeParse(JSON.parse(text)).success);
}

function asRequest<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => withinRequest(requestId, () => void work().then(resolve, reject)));
}

/** Asks the folds again until they say so; the run goes on in the worker meanwhile. */
async function until(runId: string, holds: (run: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const run = await engine.show(runId);
    if (run !== null && holds(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function openTask(runId: string): Promise<string> {
  const run = await until(runId, ({ tasks }) => tasks.some((task) => task.closed === null));
  return run.tasks.find((task) => task.closed === null)?.id ?? '';
}
