import { foldEntry } from '../../../../platform/store/folds/entry';
import { foldRun } from '../../../../platform/store/folds/run';
import type { RunDocument } from '../../../../platform/store/folds/run';
import type { AnyJournalEntry } from '../../../../workflows/domain/journal';
import { entry, runCreated, runEnded, runStarted } from '../entries';

function fold(entries: readonly AnyJournalEntry[]): RunDocument | null {
  let run: RunDocument | null = null;
  for (const [index, each] of entries.entries()) {
    const read = foldEntry({ ...each, payload: JSON.stringify(each.payload), seq: index + 1 });
    if (read !== null) run = foldRun(run, read);
  }
  return run;
}

function stateAt(state: 'running' | 'waiting' | 'paused', at: number): AnyJournalEntry {
  return entry('run.state', { state, reason: 'because' }, { key: `state@${at}`, at });
}

// D4: entries of a run come from the workflow, from workers and from the API; a fold ranks what they say, not when they came.
test.each([
  [
    'a state that comes after the end',
    [runCreated(), runStarted(false, 1_100), runEnded({}, 9_000), stateAt('waiting', 9_500)],
  ],
  ['a state that was overtaken by the end', [runCreated(), runEnded({}, 9_000), stateAt('waiting', 5_000)]],
  ['a start that was overtaken by the end', [runCreated(), runEnded({}, 9_000), runStarted(false, 1_100)]],
  ['a creation that was overtaken by all else', [runStarted(false, 1_100), runEnded({}, 9_000), runCreated()]],
])('foldRun() keeps a run closed whatever is told late: %s (D4)', (_what, entries) => {
  expect(fold(entries)).toMatchObject({ state: 'closed', created: { number: 1 }, ended: { outcome: 'succeeded' } });
});

test('foldRun() takes the newer of two states, in whichever order they come (D4)', () => {
  const [older, newer] = [stateAt('waiting', 2_000), stateAt('running', 3_000)];

  expect(fold([runCreated(), older, newer])).toMatchObject({ state: 'running' });
  expect(fold([runCreated(), newer, older])).toMatchObject({ state: 'running' });
});

test('foldRun() opens a closed run again only by a resumption that is not older than its end (D4)', () => {
  expect(fold([runCreated(), runEnded({}, 9_000), runStarted(true, 9_500)])).toMatchObject({ state: 'running' });
  expect(fold([runCreated(), runStarted(true, 5_000), runEnded({}, 9_000)])).toMatchObject({ state: 'closed' });
  expect(fold([runCreated(), runEnded({}, 9_000), runStarted(true, 5_000)])).toMatchObject({ state: 'closed' });
});
