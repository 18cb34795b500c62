import { defineLifecycle, runLifecycle, stepLifecycle } from '../../../workflows/domain/lifecycle';

const door = defineLifecycle({ open: { close: 'closed' }, closed: { open: 'open', lock: 'locked' }, locked: {} });

test('a lifecycle answers from its table', () => {
  expect(door.next('open', 'close')).toBe('closed');
  expect(door.next('open', 'lock')).toBeNull();
  expect(door.can('closed', 'lock')).toBe(true);
  expect(door.events('closed')).toEqual(['open', 'lock']);
  expect(door.states.filter((state) => door.isFinal(state))).toEqual(['locked']);
});

test('a run is closed from every state but closed, and opens again only by a resume', () => {
  expect(runLifecycle.states.filter((state) => runLifecycle.can(state, 'close'))).toEqual([
    'pending',
    'running',
    'waiting',
    'paused',
  ]);
  expect(runLifecycle.events('closed')).toEqual(['start']);
});

test('what nobody knows about a step can become anything that a person says', () => {
  expect(stepLifecycle.events('unknown')).toEqual(['succeed', 'fail', 'start', 'undo']);
});
