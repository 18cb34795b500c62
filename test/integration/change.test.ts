import type { ChangeEngine } from '../../client/change-engine';
import type { ChangeView } from '../../client/change-view';
import { createRegistry } from '../../client/published-registry';
import { createTemporalEngines } from '../../client/temporal-engine';
import type { ChangeDraft } from '../../workflows/change/schema';
import { changeOpened } from '../platform/store/change-entries';
import { openStage } from './stage';
import type { Stage } from './stage';

const documents = `apiVersion: mainstay/v1
kind: Team
metadata: { name: board }
spec: { members: [user/mia, user/max] }
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: { name: board }
spec: { approvers: [team/board], min: 2 }
---
apiVersion: mainstay/v1
kind: ChangeModel
metadata: { name: quick }
spec: { type: normal, approval: board, changeManagers: [user/mia], dutyManagers: [user/mia] }
---
apiVersion: mainstay/v1
kind: Runbook
metadata: { name: greet, version: 1.0.0, title: Greet, owner: team/board }
spec:
  inputs: { name: { type: string } }
  steps: [{ id: greet, uses: core.echo, with: { text: '\${{ inputs.name }}' }, estimate: 1m }]
---
apiVersion: mainstay/v1
kind: Runbook
metadata: { name: look, version: 1.0.0, title: Look at every host, owner: team/board }
spec:
  steps:
    - id: all
      rollout: { targets: '\${{ inventory.hosts }}', waves: [100%] }
      steps: [{ id: named, assert: { that: "\${{ host.name != '' }}" }, estimate: 1m }]
`;

function inventory(version: string, ...hosts: readonly string[]): string {
  const names = hosts.map((name) => `{ name: ${name}, user: ops }`).join(', ');
  return `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: { name: lab, version: ${version} }\nspec: { hosts: [${names}] }\n`;
}

function publish(text: string) {
  const registry = createRegistry(stage.under.store);
  return registry.apply([{ name: 'more.yaml', text, files: {} }], { actor: 'user/anna', via: 'test' });
}

let stage: Stage;
let changes: ChangeEngine;

beforeAll(async () => {
  stage = await openStage({ documents });
  const { client, taskQueue } = stage.under.environment;
  changes = createTemporalEngines({ store: stage.under.store, client, taskQueue, answerTimeoutMs: 10_000 }).changes;
});

afterAll(() => stage.close());

const by = { actor: 'user/anna', via: 'test' } as const;

/** Its window begins in a moment, or in a day. */
function draft(item: string, startsInMs = 86_400_000): ChangeDraft {
  const at = Date.now() + startsInMs;
  const window = { start: new Date(at).toISOString(), end: new Date(at + 7_200_000).toISOString() };
  return { model: 'quick', runbook: 'greet', title: `Greet ${item}`, inputs: { name: 'you' }, items: [item], window };
}

async function open(asked: ChangeDraft): Promise<string> {
  return (await changes.open({ draft: asked, requester: 'user/anna', via: 'test' })).id;
}

async function until(id: string, holds: (view: ChangeView) => boolean): Promise<ChangeView> {
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt;) {
    const view = await changes.show(id);
    if (view !== null && holds(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Cannot see what the change should come to: it is ${JSON.stringify(await changes.show(id))}`);
}

async function vote(id: string, actor: string, choice: string) {
  const view = await until(id, ({ tasks }) => tasks.some(({ closed }) => closed === null));
  const task = view.tasks.find(({ closed }) => closed === null);
  const { planHash, showHash } = task ?? { planHash: '', showHash: '' };
  return stage.engine.answer({ taskId: task?.id ?? '', actor, via: 'test', choice, planHash, showHash });
}

test('a change is opened, submitted, approved by two, carried out in its window by one run, and closed by its review', async () => {
  const id = await open(draft('service/whole', 3_000));
  const submitted = await changes.act(id, { action: { action: 'submit' }, ...by });
  await vote(id, 'user/mia', 'approve');
  await vote(id, 'user/max', 'approve');

  const done = await until(id, ({ phase }) => phase === 'reviewing');
  const review = { outcome: 'successful', text: 'as planned', tickets: {} } as const;
  const closed = await changes.act(id, { action: { action: 'review', review }, ...by, actor: 'user/mia' });

  expect(submitted.change.phase).toBe('authorising');
  expect(done).toMatchObject({ run: { state: 'closed', outcome: 'succeeded' }, flags: [] });
  const view = await until(id, ({ outcome }) => outcome !== null);
  expect(view).toMatchObject({ phase: 'closed', outcome: 'successful', review: { text: 'as planned' } });
  expect(closed.change.phase).toBe('closed');
  expect((await stage.under.store.views.runs({ parent: id, limit: 10 })).map((run) => run.id)).toEqual([view.runId]);
  expect((await stage.under.store.locks.list()).filter(({ runId }) => runId === id)).toEqual([]);
}, 60_000);

test('a second change of the same item and time is refused with whose it is, and another time is not (R-CONF-1, R-CONF-2)', async () => {
  const asked = draft('service/wanted');
  const [first, second] = [await open(asked), await open(asked)];
  await changes.act(first, { action: { action: 'submit' }, ...by });

  const refused = changes.act(second, { action: { action: 'submit' }, ...by });

  await expect(refused).rejects.toMatchObject({
    extra: {
      detail: { code: 'CHANGE_CONFLICTS', problems: expect.arrayContaining([expect.stringContaining('of user/anna')]) },
    },
  });
  const later = { ...asked, window: draft('service/wanted', 2 * 86_400_000).window };
  await changes.act(second, { action: { action: 'edit', draft: later }, ...by });
  const submitted = await changes.act(second, { action: { action: 'submit' }, ...by });
  expect(submitted.change.phase).toBe('authorising');
}, 60_000);

test('a host that was added after the approval stops the change at its start with the difference; words do not (R-APPR-9)', async () => {
  await publish(inventory('1.0.0', 'web1'));
  const { inputs: _none, ...asked } = draft('service/frozen', 4_000);
  const onHosts = { ...asked, runbook: 'look', inventory: 'lab' };
  const id = await open(onHosts);
  await changes.act(id, { action: { action: 'submit' }, ...by });
  await vote(id, 'user/mia', 'approve');
  await vote(id, 'user/max', 'approve');
  const edited = { ...onHosts, description: 'more words' };
  const { change } = await changes.act(id, { action: { action: 'edit', draft: edited }, ...by });
  await publish(inventory('1.1.0', 'web1', 'web2'));

  const held = await until(id, ({ phase }) => phase === 'held');
  await changes.act(id, { action: { action: 'submit' }, ...by });
  await vote(id, 'user/mia', 'approve');
  await vote(id, 'user/max', 'approve');
  const done = await until(id, ({ phase }) => phase === 'reviewing');

  expect(change.phase).toBe('scheduled');
  expect(held.reason).toContain('plan-changed');
  expect(held.reason).toContain('web2');
  expect(done).toMatchObject({ items: ['host/web1', 'host/web2', 'service/frozen'], run: { outcome: 'succeeded' } });
}, 60_000);

test('an act sent twice under one id is one act', async () => {
  const id = await open(draft('service/twice'));
  const submit = { action: { action: 'submit' }, ...by, id: `submit-${id}` } as const;

  const [first, second] = await Promise.all([changes.act(id, submit), changes.act(id, submit)]);

  expect(second.change.phase).toBe(first.change.phase);
  const acts = await stage.under.store.journal.read(`run/${id}`, { kinds: ['change.act'] });
  expect(acts).toHaveLength(1);
}, 60_000);

test('a change that was journaled and never began is started by recover(), and goes on as any other', async () => {
  const id = 'cneverbegan12';
  const number = await stage.under.store.changes.nextNumber();
  const opened = { requester: 'user/anna', draft: JSON.parse(JSON.stringify(draft('service/crashed'))) };
  await stage.under.store.journal.append(`run/${id}`, [changeOpened(number, opened, Date.now())]);

  await changes.recover();
  const { change } = await changes.act(id, { action: { action: 'submit' }, ...by });

  expect(change.phase).toBe('authorising');
}, 60_000);

test('a vote after the change was cancelled changes nothing, and is a fact of the installation (R-APPR-11)', async () => {
  const id = await open(draft('service/cancelled'));
  await changes.act(id, { action: { action: 'submit' }, ...by });
  const asked = await until(id, ({ tasks }) => tasks.some(({ closed }) => closed === null));
  await changes.act(id, { action: { action: 'cancel', keep: false, reason: 'no need' }, ...by });
  await until(id, ({ outcome }) => outcome !== null);

  const { planHash, showHash, id: taskId } = asked.tasks[0] ?? { planHash: '', showHash: '', id: '' };
  const result = await stage.engine.answer({
    taskId,
    actor: 'user/mia',
    via: 'test',
    choice: 'approve',
    planHash,
    showHash,
  });

  expect(result).toMatchObject({ accepted: false });
  expect(await changes.show(id)).toMatchObject({ phase: 'cancelled', outcome: 'cancelled' });
  const late = await stage.under.store.journal.read('system', { kinds: ['task.refused'] });
  expect(late.at(-1)?.key).toContain(`run/${id}/`);
}, 60_000);
