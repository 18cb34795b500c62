import { Interruption } from '../../../workflows/effects';
import type { OperationCall } from '../../../workflows/effects';
import { newBatch, runBatch } from '../../../workflows/runbook/batch';
import type { BatchSpec } from '../../../workflows/runbook/batch';
import { fakeRun, replied } from './fake-effects';
import { noReads, operation } from './plans';

function specOf(over: Partial<BatchSpec> = {}): BatchSpec {
  return {
    operation: operation({ timeoutMs: 60_000 }),
    at: 'install',
    path: 'up/host:*/install',
    phase: 'do',
    reads: noReads,
    set: 'web',
    parallel: 10,
    maxFailures: null,
    retry: null,
    poll: null,
    clear: null,
    delegates: 1,
    ...over,
  };
}

function positions(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

// D2: a call that was cut off has left its jobs running; only asking the hosts tells what became of them.
test('runBatch() kills in a shielded part what a cancel left running, and takes each host as it was found (D2)', async () => {
  const run = fakeRun({
    perform: () => Promise.reject(new Interruption('cancel')),
    cancelJobs: () => ({ statuses: 'scufn' }),
  });
  const work = newBatch(positions(5), 1, 0);

  await expect(runBatch(work, specOf(), run.here)).rejects.toMatchObject({ reason: 'cancel' });

  expect(run.asked).toEqual(['perform up/host:*/install do', 'shielded cancelJobs up/host:*/install']);
  expect(work).toMatchObject({ statuses: 'scufn', changed: '10000' });
});

// D2, D7: whoever enters again re-attaches to the jobs; killed, they would have to be done again.
test('runBatch() kills nothing when the run is only left to be entered again (D2)', async () => {
  const run = fakeRun({ perform: () => Promise.reject(new Interruption('suspend')) });
  const work = newBatch(positions(2), 1, 0);

  await expect(runBatch(work, specOf(), run.here)).rejects.toMatchObject({ reason: 'suspend' });

  expect(run.asked).toEqual(['perform up/host:*/install do']);
  expect(work.statuses).toBe('..');
});

test('runBatch() starts no further call once unknown hosts have used up what may fail (D1)', async () => {
  const run = fakeRun({ perform: ({ request }) => replied('u'.padEnd(request.hosts?.indices.length ?? 1, 's')) });
  const work = newBatch(positions(150), 1, 0);

  await runBatch(work, specOf({ maxFailures: 0 }), run.here);

  expect(work.statuses).toBe(`u${'s'.repeat(99)}${'n'.repeat(50)}`);
});

test('runBatch() gives each call its parallelism and the failures that are left (D10)', async () => {
  const calls: OperationCall[] = [];
  const run = fakeRun({
    perform(call) {
      calls.push(call);
      return replied('fu'.padEnd(call.request.hosts?.indices.length ?? 1, 's'));
    },
  });

  await runBatch(newBatch(positions(150), 1, 0), specOf({ maxFailures: 5, parallel: 40 }), run.here);

  const limits = calls.map(({ request: { hosts, parallel, stopAfterFailures } }) => ({
    hosts: hosts?.indices.length,
    parallel,
    stopAfterFailures,
  }));
  expect(limits).toEqual([
    { hosts: 100, parallel: 40, stopAfterFailures: 6 },
    { hosts: 50, parallel: 40, stopAfterFailures: 4 },
  ]);
});

// D11: ⌈hosts / parallel⌉ × (max(timeout, poll.within) + connectWithin 30 s + kill grace 10 s) + a minute of reserve.
test.each([
  ['one turn', 10, {}, 160_000],
  ['a host more than fits into one turn', 11, {}, 260_000],
  ['a poll that outlasts the time limit', 10, { poll: { everyMs: 1, withinMs: 90_000, consecutive: 1 } }, 190_000],
  ['a poll that does not', 10, { poll: { everyMs: 1, withinMs: 30_000, consecutive: 1 } }, 160_000],
  ['delegates, one after the other', 10, { delegates: 3 }, 360_000],
])('the time of a call is enough for %s (D11)', async (_what, count, over, timeoutMs) => {
  const timeouts: number[] = [];
  const run = fakeRun({
    perform(call) {
      timeouts.push(call.timeoutMs);
      return replied('s'.repeat(count));
    },
  });

  await runBatch(newBatch(positions(count), 1, 0), specOf(over), run.here);

  expect(timeouts).toEqual([timeoutMs]);
});
