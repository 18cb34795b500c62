import { notAsked } from '../../../../../client/console/pages/tasks/not-asked';

const asked = [{ person: 'user/ben', actor: 'user/carl' }];
const delegated = [{ from: 'user/ben', to: 'user/eva', until: null }];
const vote = {
  taskId: 't',
  id: 'v',
  actor: 'user/dora',
  via: 'cli',
  choice: 'approve',
  comment: '',
  form: null,
} as const;

test.each([
  ['the person', 'user/ben', null],
  ['the delegate', 'user/carl', null],
  ['to whom it was delegated', 'user/eva', null],
  ['whoever has voted', 'user/dora', null],
  ['somebody who is not signed in yet', undefined, null],
  ['somebody else', 'user/anna', 'user/ben is asked, and you are not.'],
])('notAsked() of %s', (_who, me, reason) => {
  expect(notAsked({ kind: 'approval', asked, delegated, votes: [vote] }, me)).toBe(reason);
});

test('notAsked() leaves it to the engine where nobody in particular is asked', () => {
  expect(notAsked({ kind: 'manual', asked, votes: [] }, 'user/anna')).toBeNull();
  expect(notAsked({ kind: 'approval', votes: [] }, 'user/anna')).toBeNull();
});
