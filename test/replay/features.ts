import { setTimeout as sleep } from 'node:timers/promises';

import { historyToJSON } from '@temporalio/common/lib/proto-utils';

import type { BackupEngine } from '../../client/backup-engine';
import { keeperIdOf } from '../../client/backup-keepers';
import type { ChangeEngine } from '../../client/change-engine';
import { createTemporalEngines } from '../../client/temporal-engine';
import { startDelivery } from '../../client/temporal-engine/deliveries';
import { digestOf } from '../../platform/store/blobs';
import type { Store } from '../../platform/store/store';
import type { Json } from '../../workflows/domain/json';
import type { RunOutcome } from '../../workflows/domain/step-status';
import { deliveryWorkflowId } from '../../workflows/webhook/messages';
import type { Stage } from '../integration/stage';

/** Something that the interpreter can do, and the histories that show it: what of it changes must not change for runs that go on. */
export interface Feature {
  /** Names of the files, without their ending. */
  readonly histories: readonly string[];
  /** Runs it; answers one history for each name. */
  record(stage: Stage): Promise<readonly Json[]>;
}

export const features: readonly Feature[] = [
  oneRun('sequence-of-activities', 'succeeded'),
  oneRun('light-steps', 'succeeded'),
  oneRun('parallel', 'succeeded'),
  oneRun('for-each', 'succeeded'),
  oneRun('switch', 'succeeded'),
  oneRun('retry-loop', 'succeeded'),
  oneRun('rollout-undone-by-its-gate', 'undone'),
  oneRun('approval-timed-out', 'failed'),
  oneRun('manual-step', 'succeeded', (stage, id) => stage.answer(id, { actor: 'user/anna', choice: 'clean' })),
  oneRun('unknown-answered-by-a-person', 'succeeded', (stage, id) =>
    stage.answer(id, { actor: 'user/anna', choice: 'done' }),
  ),
  {
    histories: ['approval-approved'],
    record: (stage) => recorded(stage, { runbook: 'approval', outcome: 'succeeded', act: approve }),
  },
  {
    histories: ['approval-rejected'],
    record: (stage) =>
      recorded(stage, {
        runbook: 'approval',
        outcome: 'failed',
        act: (_, id) => stage.answer(id, { actor: 'user/ben', choice: 'reject' }),
      }),
  },
  oneRun('cancel-with-cleanup-and-undo', 'cancelled', cancelInMidStep),
  oneRun('pause-and-resume', 'succeeded', pauseAndResume),
  { histories: ['child-run.parent', 'child-run.child'], record: recordChildRun },
  { histories: ['continue-as-new.first', 'continue-as-new.second'], record: recordContinuation },
  { histories: ['resume-from-failure.failed', 'resume-from-failure.resumed'], record: recordResumption },
  { histories: ['lock-holder', 'lock-waited-for'], record: recordLock },
  { histories: ['change-backed-out', 'change-backed-out.run'], record: recordChange },
  { histories: ['backup-keeper', 'backup-operation', 'backup-drill'], record: recordBackup },
  { histories: ['webhook-delivery'], record: recordDelivery },
];

interface Recorded {
  readonly runbook: string;
  readonly outcome: RunOutcome;
  readonly act?: (stage: Stage, runId: string) => Promise<void>;
}

function oneRun(name: string, outcome: RunOutcome, act?: Recorded['act']): Feature {
  const asked: Recorded = { runbook: name, outcome, ...(act === undefined ? {} : { act }) };
  return { histories: [name], record: (stage) => recorded(stage, asked) };
}

async function recorded(stage: Stage, { runbook, outcome, act }: Recorded): Promise<readonly Json[]> {
  const id = await stage.start(runbook);
  await act?.(stage, id);
  await closed(stage, id, outcome);
  return stage.histories(id);
}

/** A run that is resumed is still closed for a moment. */
async function closed(stage: Stage, id: string, outcome: RunOutcome): Promise<void> {
  await stage.until(id, (run) => run.state === 'closed' && run.outcome === outcome);
}

async function approve(stage: Stage, id: string): Promise<void> {
  await stage.answer(id, { actor: 'user/anna', choice: 'approve' });
  await stage.answer(id, { actor: 'user/ben', choice: 'approve' });
}

function reached(stage: Stage, id: string, path: string): Promise<unknown> {
  return stage.until(id, ({ steps }) => steps.some((step) => step.path === path));
}

async function cancelInMidStep(stage: Stage, id: string): Promise<void> {
  await reached(stage, id, 'long');
  await stage.engine.control(id, { action: 'cancel', actor: 'user/anna', via: 'test', reason: 'enough' });
}

async function pauseAndResume(stage: Stage, id: string): Promise<void> {
  await reached(stage, id, 'news');
  await stage.engine.control(id, { action: 'pause', actor: 'user/anna', via: 'test' });
  await stage.signal(id);
  await stage.until(id, ({ state }) => state === 'paused');
  await stage.engine.control(id, { action: 'resume', actor: 'user/anna', via: 'test' });
}

/** Approved by two people, started in its window, wave by wave admitted, gone back by its gate, reviewed. */
async function recordChange(stage: Stage): Promise<readonly Json[]> {
  const { under, engine } = stage;
  const { client, taskQueue } = under.environment;
  const { changes } = createTemporalEngines({ store: under.store, client, taskQueue, answerTimeoutMs: 10_000 });
  const start = Date.now() + 1_500;
  const window = { start: new Date(start).toISOString(), end: new Date(start + 2 * 3_600_000).toISOString() };
  const draft = { model: 'recorded', runbook: 'rollout-undone-by-its-gate', title: 'Deploy', window };
  const { id } = await changes.open({ draft, requester: 'user/carl', via: 'test' });
  await changes.act(id, { action: { action: 'submit' }, actor: 'user/carl', via: 'test' });
  const [task] = await engine.tasks({ runId: id });
  for (const actor of ['user/anna', 'user/ben'])
    await engine.answer({ taskId: task?.id ?? '', actor, via: 'test', choice: 'approve' });
  await inPhase(changes, id, 'reviewing');
  const review = { outcome: 'backed-out', text: 'as recorded', tickets: {} } as const;
  await changes.act(id, { action: { action: 'review', review }, actor: 'user/anna', via: 'test' });
  await inPhase(changes, id, 'closed');
  const run = (await changes.show(id))?.runId ?? '';
  return [...(await stage.histories(id)), ...(await stage.histories(run))];
}

/** A backup and a drill of it; the keeper goes on. */
async function recordBackup(stage: Stage): Promise<readonly Json[]> {
  const { under } = stage;
  const { client, taskQueue } = under.environment;
  const { backups } = createTemporalEngines({ store: under.store, client, taskQueue, answerTimeoutMs: 10_000 });
  await backups.recover();
  const asked = { actor: 'user/carl', via: 'test' };
  const run = await backups.act('recorded-backup', { ...asked, action: { action: 'run', backup: null } });
  await operationEnded(backups, run.operation ?? '', 'succeeded');
  const drillAction = { action: 'drill', set: null, seed: 1, targetMs: 0 } as const;
  const drill = await backups.act('recorded-backup', { ...asked, action: drillAction });
  await operationEnded(backups, drill.operation ?? '', 'succeeded');
  const [keeper = null] = (await stage.histories(keeperIdOf('recorded-backup'))).slice(-1);
  return [keeper, ...(await stage.histories(run.operation ?? '')), ...(await stage.histories(drill.operation ?? ''))];
}

async function operationEnded(backups: BackupEngine, id: string, wanted: string): Promise<void> {
  for (const giveUpAt = Date.now() + 40_000; Date.now() < giveUpAt;) {
    const outcome = (await backups.operation(id))?.outcome ?? null;
    if (outcome === wanted) return;
    if (outcome !== null) throw new Error(`Cannot record the operation ${id}: it ended ${outcome}`);
    await sleep(50);
  }
  throw new Error(`Cannot record the operation ${id}: it did not end`);
}

async function inPhase(changes: ChangeEngine, id: string, phase: string): Promise<void> {
  for (const giveUpAt = Date.now() + 40_000; Date.now() < giveUpAt;) {
    if ((await changes.show(id))?.phase === phase) return;
    await sleep(50);
  }
  throw new Error(`Cannot record the change: it does not come to be ${phase}`);
}

async function recordChildRun(stage: Stage): Promise<readonly Json[]> {
  const parent = await recorded(stage, { runbook: 'child-run', outcome: 'succeeded' });
  const [newest] = await stage.engine.runs({ definition: 'child-run', limit: 1 });
  const child = await stage.histories(await stage.childOf(newest?.id ?? ''));
  return [...parent, ...child];
}

/** Items in flight and a wait for an event when the first history is full; the event comes to the second. */
async function recordContinuation(stage: Stage): Promise<readonly Json[]> {
  const id = await stage.start('continue-as-new', { items: Array.from({ length: 100 }, (_, index) => index) });
  await stage.until(id, async () => (await stage.histories(id)).length > 1);
  await stage.signal(id);
  await closed(stage, id, 'succeeded');
  return stage.histories(id);
}

async function recordResumption(stage: Stage): Promise<readonly Json[]> {
  const id = await stage.start('resume-from-failure');
  await closed(stage, id, 'failed');
  const failed = await stage.histories(id);
  await stage.engine.resume(id, { actor: 'user/anna', via: 'test' });
  await closed(stage, id, 'succeeded');
  return [...failed, ...(await stage.histories(id))];
}

async function recordLock(stage: Stage): Promise<readonly Json[]> {
  const holder = await stage.start('lock-holder');
  await reached(stage, holder, 'news');
  const waiter = await stage.start('lock-waited-for');
  await stage.until(waiter, ({ state }) => state === 'waiting');
  await stage.signal(holder);
  await closed(stage, holder, 'succeeded');
  await closed(stage, waiter, 'succeeded');
  return [...(await stage.histories(holder)), ...(await stage.histories(waiter))];
}

/** A receiver that is not there, asked again; then nobody wants it to be told any more. */
async function recordDelivery({ under }: Stage): Promise<readonly Json[]> {
  const { store, environment } = under;
  const { client, taskQueue } = environment;
  const input = { deliveryId: 'recorded', round: 1, subscription: 'recorded' };
  await publishSubscription(store, '0.0.1', 'active: true');
  await store.deliveries.add([{ ...delivery, id: input.deliveryId, subscription: input.subscription }], 0);
  await startDelivery({ client, taskQueue, answerTimeoutMs: 10_000 }, input);
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt;) {
    if (((await store.deliveries.get(input.deliveryId))?.attempts ?? 0) > 0) break;
    await sleep(20);
  }
  await publishSubscription(store, '0.0.2', 'active: false');
  const handle = client.workflow.getHandle(deliveryWorkflowId(input));
  await handle.result();
  const json: Json = JSON.parse(historyToJSON(await handle.fetchHistory()));
  return [json];
}

const delivery = { eventId: 'evt_recorded', kind: 'run.ended', body: '{}', createdAt: 1 };

/** Nobody listens at the port of the discard service. */
async function publishSubscription(store: Store, version: string, active: string): Promise<void> {
  const spec = `{ url: 'http://127.0.0.1:9/', secret: env:NONE, events: [run.ended], ${active} }`;
  const text = `apiVersion: mainstay/v1\nkind: Subscription\nmetadata: { name: recorded, owner: team/web }\nspec: ${spec}\n`;
  const digest = digestOf(Buffer.from(text));
  const definition = { kind: 'Subscription', name: 'recorded', version, digest, text, files: {} };
  await store.definitions.publish(definition, { actor: 'user/anna', via: 'test', at: 1 });
}
