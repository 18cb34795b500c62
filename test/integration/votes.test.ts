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
