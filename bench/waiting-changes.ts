import { z } from 'zod';

import type { Engine } from './engine';
import type { Figure } from './figure';
import { publish } from './runs';
import { percentile } from './statistics';

const atOnce = 10;
const answered = 50;
const dayMs = 86_400_000;

const documents = [
  `apiVersion: mainstay/v1
kind: Team
metadata: { name: board }
spec: { members: [user/mia, user/max] }
`,
  `apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: { name: board }
spec: { approvers: [team/board] }
`,
  `apiVersion: mainstay/v1
kind: ChangeModel
metadata: { name: waiting }
spec: { type: normal, approval: board, changeManagers: [team/board], dutyManagers: [team/board], unknownDuration: timeout }
`,
  `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: waited-for, version: 1.0.0, title: A figure, owner: team/board }
spec: { steps: [{ id: a, uses: core.echo, with: { value: 1 }, estimate: 1m }] }
`,
];

/** So many changes wait for approval on the server, each a workflow of its own: how long an answer to one of them takes. */
export async function waitingChanges(engine: Engine, count: number): Promise<readonly Figure[]> {
  await publish(engine, documents);
  await Promise.all(Array.from({ length: atOnce }, (_none, lane) => openMany(engine, lane, count)));
  const waits: number[] = [];
  for (let index = 0; index < answered; index += 1)
    waits.push(await answerOne(engine, 1 + Math.floor((index * count) / answered)));
  return [
    {
      name: `answering one of ${count.toLocaleString('en')} changes on the server, p95`,
      value: percentile(waits, 95),
      unit: 'ms',
      target: '< 200',
    },
  ];
}

async function openMany(engine: Engine, lane: number, count: number): Promise<void> {
  for (let index = lane; index < count; index += atOnce) {
    const at = Date.now() + 30 * dayMs;
    const window = { start: new Date(at).toISOString(), end: new Date(at + dayMs).toISOString() };
    const draft = {
      model: 'waiting',
      runbook: 'waited-for',
      title: `Change ${index}`,
      window,
      items: [`service/s${index}`],
    };
    const { id } = await engine.api.post(
      '/changes',
      { body: { draft, requester: 'user/anna' } },
      z.object({ id: z.string() }),
    );
    await engine.api.post(`/changes/${id}/submit`, { body: { actor: 'user/anna' } }, z.unknown());
  }
}

const Tasks = z.object({ tasks: z.array(z.object({ id: z.string() })) });

/** As the command line does it: the task is read, then answered. */
async function answerOne(engine: Engine, number: number): Promise<number> {
  const { id } = await engine.api.get(`/changes/CHG-${number}`, {}, z.object({ id: z.string() }));
  const beganAt = performance.now();
  const { tasks } = await engine.api.get('/tasks', { id }, Tasks);
  const [task] = tasks;
  if (task === undefined) throw new Error(`Cannot take the figure: nobody is asked about CHG-${number}`);
  await engine.api.post(`/tasks/${task.id}/answer`, { body: { actor: 'user/mia', choice: 'approve' } }, z.unknown());
  return performance.now() - beganAt;
}
