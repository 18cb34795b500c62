import { addVote, choiceForHost, decisionOf, refusalOf, withoutVotesOf } from '../../../workflows/domain/quorum';
import type { OpenTask } from '../../../workflows/domain/quorum';
import type { Answer, Task } from '../../../workflows/domain/task';

const task: Task = {
  id: 't1',
  kind: 'approval',
  path: 'ok',
  title: 'Approve',
  candidates: ['team/web'],
  options: ['approve', 'reject'],
  min: 2,
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

test('R-APPR-1: decisionOf() is reached with `min` distinct approvers', () => {
  const one = open({}, answer('anna', 'approve'));
  const two = open({}, answer('anna', 'approve'), answer('ben', 'approve'));

  expect([decisionOf(one), decisionOf(two)]).toEqual([null, { choice: 'approve', by: ['anna', 'ben'] }]);
});

test('R-APPR-2: decisionOf() rejects as soon as `rejectOn` have rejected', () => {
  expect(decisionOf(open({}, answer('anna', 'approve'), answer('ben', 'reject')))).toEqual({
    choice: 'reject',
    by: ['ben'],
  });
  expect(decisionOf(open({ rejectOn: 2 }, answer('ben', 'reject')))).toBeNull();
});

test('the same answer twice counts once', () => {
  const twice = open({}, answer('anna', 'approve'), answer('anna', 'approve'));

  expect(twice.votes).toHaveLength(1);
});

test('R-APPR-4: votes of those who may no longer vote are void', () => {
  const two = open({}, answer('anna', 'approve'), answer('ben', 'approve'));

  expect(decisionOf(withoutVotesOf(two, ['anna']))).toBeNull();
});

test.each<[string, OpenTask | undefined, Answer, string | null]>([
  ['an answer in order', open(), answer('anna', 'approve'), null],
  ['no such task', undefined, answer('anna', 'approve'), 'TASK_NOT_FOUND'],
  ['a closed task', { ...open(), closed: { choice: 'approve', by: [] } }, answer('anna', 'approve'), 'TASK_CLOSED'],
  ['an unknown option', open(), answer('anna', 'maybe'), 'OPTION_UNKNOWN'],
  ['R-APPR-9: another plan', open(), answer('anna', 'approve', { planHash: 'other' }), 'PLAN_CHANGED'],
  ['R-APPR-9: something else shown', open(), answer('anna', 'approve', { showHash: 'other' }), 'SHOW_CHANGED'],
  ['R-APPR-3: a second vote', open({}, answer('anna', 'approve')), answer('anna', 'reject'), 'ALREADY_VOTED'],
  ['a repeated answer', open({}, answer('anna', 'approve')), answer('anna', 'approve'), null],
  [
    'a host that the task is not about',
    open({ kind: 'unknown', hosts: ['web1'] }),
    answer('anna', 'approve', { hosts: ['web9'] }),
    'HOST_NOT_IN_TASK',
  ],
  [
    'a form that does not fit',
    open({ form: { type: 'object', required: ['n'] } }),
    answer('anna', 'approve', { form: {} }),
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
