import { addVote, choiceForHost, decisionOf, refusalOf } from '../../../workflows/domain/quorum';
import type { OpenTask } from '../../../workflows/domain/quorum';
import type { Answer, Task } from '../../../workflows/domain/task';

const task: Task = {
  id: 't1',
  kind: 'manual',
  path: 'ok',
  title: 'Look',
  candidates: ['team/web'],
  options: ['done', 'fail'],
  min: 1,
  rejectOn: 1,
  excludeRequester: true,
  form: null,
  show: {},
  planHash: 'p',
  showHash: 's',
  openedAt: 0,
  dueAt: null,
  onDue: null,
  hosts: [],
};

function answer(actor: string, choice: string, over: Partial<Answer> = {}): Answer {
  return { taskId: 't1', id: `${actor}-${choice}`, actor, via: 'cli', choice, comment: '', form: null, ...over };
}

function open(over: Partial<Task> = {}, ...votes: readonly Answer[]): OpenTask {
  return votes.reduce(addVote, { task: { ...task, ...over }, votes: [], closed: null });
}

test('the first answer decides', () => {
  const one = open({}, answer('anna', 'done'));
  const two = open({}, answer('anna', 'done'), answer('ben', 'fail'));

  expect([decisionOf(open()), decisionOf(one), decisionOf(two)]).toEqual([
    null,
    { choice: 'done', by: ['anna'] },
    { choice: 'done', by: ['anna'] },
  ]);
});

test('the same answer twice counts once', () => {
  const twice = open({}, answer('anna', 'done'), answer('anna', 'done'));

  expect(twice.votes).toHaveLength(1);
});

test.each<[string, OpenTask | undefined, Answer, string | null]>([
  ['an answer in order', open(), answer('anna', 'done'), null],
  ['no such task', undefined, answer('anna', 'done'), 'TASK_NOT_FOUND'],
  ['a closed task', { ...open(), closed: { choice: 'done', by: [] } }, answer('anna', 'done'), 'TASK_CLOSED'],
  ['an unknown option', open(), answer('anna', 'maybe'), 'OPTION_UNKNOWN'],
  ['R-APPR-9: another plan', open(), answer('anna', 'done', { planHash: 'other' }), 'PLAN_CHANGED'],
  ['R-APPR-9: something else shown', open(), answer('anna', 'done', { showHash: 'other' }), 'SHOW_CHANGED'],
  ['a repeated answer', open({}, answer('anna', 'done')), answer('anna', 'done'), null],
  [
    'a host that the task is not about',
    open({ kind: 'unknown', hosts: ['web1'] }),
    answer('anna', 'done', { hosts: ['web9'] }),
    'HOST_NOT_IN_TASK',
  ],
  [
    'a form that does not fit',
    open({ form: { type: 'object', required: ['n'] } }),
    answer('anna', 'done', { form: {} }),
    'FORM_INVALID',
  ],
])('D9: refusalOf() with %s', (_name, given, vote, code) => {
  expect(refusalOf(given, vote)?.code ?? null).toBe(code);
});

test('D1: a task about hosts is decided once every host has an answer', () => {
  const unknown = { kind: 'unknown' as const, options: ['done', 'fail'], hosts: ['web1', 'web2'] };
  const half = open(unknown, answer('anna', 'done', { hosts: ['web1'] }));
  const whole = addVote(half, answer('ben', 'fail', { hosts: ['web2'] }));

  expect([decisionOf(half), decisionOf(whole)?.choice]).toEqual([null, 'done, fail']);
  expect(['web1', 'web2'].map((host) => choiceForHost(whole, host))).toEqual(['done', 'fail']);
  expect(decisionOf(open(unknown, answer('anna', 'done')))).toEqual({ choice: 'done', by: ['anna'] });
});
