import { mostUrgentFirst, priorityOf } from '../../../workflows/domain/task';

test('R-ROLL-8: what is urgent comes first, and else the order stays', () => {
  const tasks = [{ id: 'old' }, { id: 'low', priority: 5 }, { id: 'undo', priority: 1 }, { id: 'usual', priority: 3 }];

  expect(mostUrgentFirst(tasks).map(({ id }) => id)).toEqual(['undo', 'old', 'usual', 'low']);
  expect(priorityOf({})).toBe(3);
});
