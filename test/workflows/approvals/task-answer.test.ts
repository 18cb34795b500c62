import { eligibility } from '../../../activities/lookups/eligibility';
import { answerTask } from '../../../workflows/approvals/task-answer';
import type { OpenTask } from '../../../workflows/domain/quorum';
import type { Answer, AnswerResult } from '../../../workflows/domain/task';
import type { Effects, Lookups } from '../../../workflows/effects';
import { publishedStore } from '../../activities/lookups/published';
import { taskRow } from '../../support/client/run-view';
import { DeskStage, hourMs } from './desk-given';

const store = publishedStore({
  'Team/web': 'spec: {members: [user/anna, user/ben, user/rita]}',
  'Person/gone': 'spec: {active: false}',
});

let tasks: { [id: string]: OpenTask };
let stage: DeskStage;
let now: number;

beforeEach(() => {
  stage = new DeskStage();
  now = 0;
  const { runId: _runId, votes: _votes, closed: _closed, ...row } = taskRow({ id: 't1', kind: 'manual' });
  const task = { ...row, candidates: ['team/web'], options: ['done', 'skip'], excludeRequester: true };
  tasks = { t1: { task, votes: [], closed: null } };
});

let answers = 0;

function answer(actor: string, over: Partial<Answer> = {}): Promise<AnswerResult> {
  answers += 1;
  const given = { id: `a${answers}`, actor: `user/${actor}`, via: 'cli', choice: 'done', comment: '', form: null };
  return answerTask({ tasks, requester: 'user/rita' }, { taskId: 't1', ...given, ...over }, effects());
}

function delegate(from: string, to: string, until: number | null = null): Promise<AnswerResult> {
  return answer(from, { choice: 'delegate', delegation: { to: `user/${to}`, until } });
}

function effects(): Effects {
  return {
    ...stage.context().effects,
    now: () => now,
    lookUp: async <Q extends keyof Lookups>(question: Q, asked: Lookups[Q]['asked']): Promise<Lookups[Q]['answer']> => {
      if (question !== 'eligibility' || !('actor' in asked)) throw new Error(`Cannot look up ${question}`);
      return eligibility(store, asked, now);
    },
  };
}

test('R-APPR-3: a delegate answers a task that is no approval', async () => {
  const given = await delegate('anna', 'dan');
  const answered = await answer('dan');

  expect(given).toEqual({ accepted: true, decided: false, choice: null, recorded: 'delegate' });
  expect(answered).toMatchObject({ accepted: true, decided: true, choice: 'done' });
  expect(stage.payloads('task.delegated')).toMatchObject([{ taskId: 't1', from: 'user/anna', to: 'user/dan' }]);
});

test.each([
  ['the requester', 'anna', 'rita', 'DELEGATE_NOT_ELIGIBLE'],
  ['somebody who has left', 'anna', 'gone', 'DELEGATE_NOT_ELIGIBLE'],
  ['anybody, by the requester', 'rita', 'dan', 'NOT_ELIGIBLE'],
  ['anybody, by somebody who is not asked', 'zoe', 'dan', 'NOT_ELIGIBLE'],
])('R-SOD-1: a task is not delegated to %s', async (_name, from, to, code) => {
  expect(await delegate(from, to)).toMatchObject({ accepted: false, code });
});

test('a delegation that is sent again takes no effect again, also when its process has begun another execution', async () => {
  const sent = { id: 'sent', choice: 'delegate', delegation: { to: 'user/dan', until: null } };
  await answer('anna', sent);
  await delegate('anna', 'anna');
  tasks = structuredClone(tasks);

  const again = await answer('anna', sent);

  expect(again).toEqual({ accepted: true, decided: false, choice: null, recorded: 'delegate' });
  expect(stage.payloads('task.delegated')).toHaveLength(2);
  expect(await answer('dan')).toMatchObject({ code: 'NOT_ELIGIBLE' });
});

test('R-APPR-3: a delegate hands on nothing', async () => {
  await delegate('anna', 'dan');

  expect(await delegate('dan', 'eve')).toMatchObject({ code: 'DELEGATE_OF_DELEGATE' });
});

test('a delegate answers until the end of the delegation only', async () => {
  await delegate('anna', 'dan', hourMs);
  now = hourMs;

  expect(await answer('dan')).toMatchObject({ code: 'NOT_ELIGIBLE' });
});

test('a delegation that was taken back holds no more', async () => {
  await delegate('anna', 'dan');
  await delegate('anna', 'anna');

  expect(await answer('dan')).toMatchObject({ code: 'NOT_ELIGIBLE' });
});
