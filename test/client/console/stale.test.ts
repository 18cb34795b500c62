import { newsOf, staleAfter } from '../../../client/console/stale';

const ofRun = { kind: 'step.ended', process: { kind: 'run', id: 'r7abc', number: 7 } };
const ofChange = { kind: 'change.state', process: { kind: 'change', id: 'c3xyz', number: 3 } };

test.each([
  ['/runs', true],
  ['/runs/7', true],
  ['/runs/r7abc/hosts', true],
  ['/runs/8', false],
  ['/tasks', true],
  ['/notices', true],
  ['/journal', true],
  ['/changes', false],
  ['/definitions', false],
  ['/me', false],
  ['/schemas/Runbook', false],
])('staleAfter() news of a run says of %s: %s', (path, stale) => {
  expect(staleAfter(ofRun, path)).toBe(stale);
});

test.each([
  ['/changes/CHG-3', true],
  ['/tasks', true],
  ['/runs/7', false],
])('staleAfter() news of a change says of %s: %s', (path, stale) => {
  expect(staleAfter(ofChange, path)).toBe(stale);
});

test('staleAfter() takes everything but who one is as out of date where nobody knows what happened', () => {
  expect(staleAfter(null, '/changes/CHG-3')).toBe(true);
  expect(staleAfter(null, '/me')).toBe(false);
});

test('newsOf() reads the list of a message, and what it does not know as anything', () => {
  expect(newsOf(JSON.stringify([ofRun, { odd: 1 }]))).toEqual([ofRun, null]);
  expect(newsOf('{}')).toEqual([null]);
});
