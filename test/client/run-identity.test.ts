import { newRunId } from '../../client/run-identity';
import { workflowIdOf } from '../../workflows/runbook/messages';

test('newRunId() gives r and twelve characters that are safe in paths', () => {
  expect(newRunId('inst')).toMatch(/^r[a-z2-7]{12}$/);
});

test('newRunId() gives another id each time without an idempotency key', () => {
  expect(newRunId('inst')).not.toBe(newRunId('inst'));
});

test('newRunId() gives one id for one idempotency key within an installation', () => {
  expect(newRunId('inst', 'order-1')).toBe(newRunId('inst', 'order-1'));
  expect(newRunId('inst', 'order-1')).not.toBe(newRunId('inst', 'order-2'));
  expect(newRunId('inst', 'order-1')).not.toBe(newRunId('other', 'order-1'));
});

test('workflowIdOf() is the run id alone, so that a resumed run keeps it (D14)', () => {
  expect(workflowIdOf('rabc')).toBe('run/rabc');
});
