import { digestOf } from '../../platform/store/blobs';
import { openStage } from './stage';
import type { Stage } from './stage';

const members = Array.from({ length: 15 }, (_, index) => `user/member${index + 1}`);
const documents = `apiVersion: mainstay/v1
kind: Team
metadata: {name: board}
spec: {members: [${members.join(', ')}]}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: twelve-of-board}
spec: {approvers: [team/board], min: 12}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: one-of-board}
spec: {levels: [{slots: [{candidates: [team/board], require: any}]}]}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: approved-by-one, version: 1.0.0, owner: team/board}
spec:
  steps:
    - {id: go, approval: {policy: one-of-board, title: Go on?, due: PT1H, onDue: reject}}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: two-of-board}
spec: {approvers: [team/board], min: 2}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: approved-by-two, version: 1.0.0, owner: team/board}
spec:
  steps:
    - {id: go, approval: {policy: two-of-board, title: Go on?, due: PT1H, onDue: reject}}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: approved-by-many, version: 1.0.0, owner: team/board}
spec:
  steps:
    - {id: go, approval: {policy: twelve-of-board, title: Go on?, due: PT1H, onDue: reject}}
`;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ documents });
}, 60_000);

afterAll(() => stage.close());

// Temporal takes ten updates of one run at a time; the others come again.
test('fifteen votes at once are counted one by one, up to the twelfth, each once (D9)', async () => {
  const runId = await stage.start('approved-by-many');
  const { tasks } = await stage.until(runId, (run) => run.tasks.length === 1);
  const taskId = tasks[0]?.id ?? '';

  const answers = await Promise.all(
    members.map((actor) => stage.engine.answer({ taskId, actor, via: 'test', choice: 'approve' })),
  );

  const counted = answers.filter(({ accepted }) => accepted);
  expect(counted).toHaveLength(12);
  expect(counted.filter((answer) => answer.accepted && answer.decided)).toHaveLength(1);
  expect(await stage.until(runId, ({ state }) => state === 'closed')).toMatchObject({ outcome: 'succeeded' });
  const { journal } = stage.under.store;
  // D4: what comes after the end of the run is refused in the stream of the installation.
  const entries = [...(await journal.read(`run/${runId}`)), ...(await journal.read('system'))];
  expect(entries.filter(({ kind }) => kind === 'vote.cast')).toHaveLength(12);
  expect(entries.filter(({ kind }) => kind === 'task.refused')).toHaveLength(3);
}, 60_000);

test('approvals and rejections at once are linearised: the first that counts decides, and all others are refused (D9)', async () => {
  const runId = await stage.start('approved-by-one');
  const { tasks } = await stage.until(runId, (run) => run.tasks.length === 1);
  const taskId = tasks[0]?.id ?? '';

  const answers = await Promise.all(
    members.map((actor, index) =>
      stage.engine.answer({ taskId, actor, via: 'test', choice: index % 2 === 0 ? 'reject' : 'approve' }),
    ),
  );

  const counted = answers.filter((answer) => answer.accepted);
  expect(counted).toHaveLength(1);
  const decided = counted[0]?.choice;
  const { outcome } = await stage.until(runId, ({ state }) => state === 'closed');
  expect(outcome).toBe(decided === 'approve' ? 'succeeded' : 'failed');
  const entries = await stage.under.store.journal.read(`run/${runId}`);
  expect(entries.filter(({ kind }) => kind === 'vote.cast')).toHaveLength(1);
}, 60_000);

test('R-APPR-4: the vote of somebody who has left by the next vote is void, and a third one is needed', async () => {
  const runId = await stage.start('approved-by-two');
  const { tasks } = await stage.until(runId, (run) => run.tasks.length === 1);
  const taskId = tasks[0]?.id ?? '';
  const vote = (number: number) =>
    stage.engine.answer({ taskId, actor: `user/member${number}`, via: 'test', choice: 'approve' });
  const { definitions } = stage.under.store;
  const text = 'spec: {active: false}';
  const person = { kind: 'Person', name: 'member1', version: '1.0.0', digest: digestOf(Buffer.from(text)), text };

  const first = await vote(1);
  await definitions.publish({ ...person, files: {} }, { actor: 'user/admin', via: 'test', at: 0 });
  const [second, third] = [await vote(2), await vote(3)];

  expect([first, second, third]).toMatchObject([{ decided: false }, { decided: false }, { decided: true }]);
  const run = await stage.until(runId, ({ state }) => state === 'closed');
  expect(run.outcome).toBe('succeeded');
  expect(run.tasks[0]).toMatchObject({ closed: { by: ['user/member2', 'user/member3'] } });
  expect(run.tasks[0]?.standing).toHaveLength(2);
}, 60_000);
