import type { TaskRow } from '../../../../../client/console/answers';
import { approvedPlan } from '../../../../../client/console/pages/run/approved-plan';

const task: TaskRow = {
  id: 't1',
  runId: 'r1',
  kind: 'approval',
  path: 'approve',
  title: 'Go?',
  candidates: [],
  options: ['approve', 'reject'],
  min: 1,
  rejectOn: 1,
  excludeRequester: false,
  form: null,
  show: {},
  planHash: 'sha256:a',
  showHash: '',
  openedAt: 0,
  dueAt: null,
  onDue: null,
  hosts: [],
  votes: [],
  closed: null,
};
const vote = { taskId: 't1', id: 'v1', actor: 'user/ben', via: 'cli', choice: 'approve', comment: '', form: null };

test.each([
  ['nobody-asked', []],
  ['nobody-asked', [{ ...task, kind: 'manual' as const }]],
  ['not-yet', [task]],
  ['not-yet', [{ ...task, votes: [{ ...vote, choice: 'reject' }] }]],
  ['approved', [{ ...task, votes: [vote] }]],
  ['other', [{ ...task, votes: [vote, { ...vote, planHash: 'sha256:b' }] }]],
])('approvedPlan() is %s', (verdict, tasks) => {
  expect(approvedPlan({ planHash: 'sha256:a', tasks })).toBe(verdict);
});
