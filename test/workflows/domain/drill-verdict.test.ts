import fc from 'fast-check';

import { drillDecision } from '../../../workflows/domain/drill-verdict';
import type { AssertionResult } from '../../../workflows/domain/backup-levels';
import type { DrillFacts, DrillVerdict, ReplayTold, RestoreTold } from '../../../workflows/domain/drill-verdict';

const targetMs = 100_000;
const restored: RestoreTold = { restored: true, fault: '', reason: '', earliestMs: 50_000, latestMs: 150_000 };
const replayed: ReplayTold = { started: true, fault: '', reason: '', reachedMs: targetMs - 200, endedAtTarget: true };
const holds: AssertionResult = { name: 'sums', level: 'V5', ok: true, detail: 'as in the manifest' };
const asserted = { results: [holds], heartbeatAtMs: targetMs - 500 };

const clean: DrillFacts = {
  interrupted: null,
  faulted: null,
  selected: 'b0123456789ab',
  opened: { opened: true, reason: '' },
  restored,
  replayed,
  targetMs,
  asserted,
  wantedLevels: ['V5'],
  mutations: [{ mutation: 'flipped-bytes', applied: true, noticedBy: 'sums' }],
  isolation: { sunk: 1, escaped: 0 },
};

const notYet = { restored: null, replayed: null, asserted: null, mutations: [], isolation: null };

test('R-DRILL-5: a drill in which everything held is a PASS', () => {
  expect(drillDecision(clean)).toEqual({
    verdict: 'PASS',
    step: 'assert',
    decidedBy: '',
    reason: 'all assertions held, and all mutations were noticed',
  });
});

type Decided = readonly [DrillVerdict, string, string];

test.each<[string, Partial<DrillFacts>, Decided]>([
  [
    'R-DRILL-5: without a fit backup there is no drill',
    { ...notYet, selected: null, opened: null },
    ['BLOCKED', 'select', 'no backup is fit for a drill'],
  ],
  [
    'R-DRILL-1: nothing is written to a host that is not the one',
    { ...notYet, opened: { opened: false, reason: 'the host is "db-1", not "drill-1"' } },
    ['BLOCKED', 'open', 'the host is "db-1", not "drill-1"'],
  ],
  [
    'R-DRILL-1: nor to a place whose marker is another one',
    { ...notYet, restored: { ...restored, restored: false, fault: 'place', reason: 'marker of b2' } },
    ['BLOCKED', 'restore', 'marker of b2'],
  ],
  [
    'R-DRILL-5: surroundings that fail after the start block the drill',
    { ...notYet, faulted: { step: 'restore', reason: 'no space left' } },
    ['BLOCKED', 'restore', 'no space left'],
  ],
  [
    'R-DRILL-5: a backup that cannot be restored is a FAIL',
    { ...notYet, restored: { ...restored, restored: false, fault: 'backup', reason: 'pack 4f is corrupt' } },
    ['FAIL', 'restore', 'pack 4f is corrupt'],
  ],
  [
    'R-DRILL-5: so is one that was not restored and blames nobody',
    { ...notYet, restored: { ...restored, restored: false, reason: 'nothing came' } },
    ['FAIL', 'restore', 'nothing came'],
  ],
  [
    'R-DRILL-5: so is one that came but is said to be at fault',
    { ...notYet, restored: { ...restored, fault: 'backup', reason: 'a file is short' } },
    ['FAIL', 'restore', 'a file is short'],
  ],
  [
    'R-DRILL-5: surroundings that fail at the assertions block the drill',
    { ...notYet, restored, replayed, faulted: { step: 'assert', reason: 'no login' } },
    ['BLOCKED', 'assert', 'no login'],
  ],
  [
    'R-DRILL-2: a target after the end of the archive is a gap in it',
    { ...notYet, restored: { ...restored, latestMs: targetMs - 1 } },
    ['FAIL', 'restore', 'the archive ends before the target'],
  ],
  [
    'R-DRILL-2: a target where only the backup itself can be restored says nothing against it',
    { ...notYet, restored: { ...restored, earliestMs: 0, latestMs: 0 } },
    ['BLOCKED', 'select', 'only the backup itself can be restored: name no point in time'],
  ],
  [
    'R-DRILL-2: a target before the backup is the wrong backup for it',
    { ...notYet, restored: { ...restored, earliestMs: targetMs + 1 } },
    ['BLOCKED', 'select', 'the target lies before what the backup can be recovered to'],
  ],
  [
    'R-DRILL-2: recovery that does not start is a FAIL',
    { ...notYet, restored, replayed: { ...replayed, started: false, reason: 'WAL 0005 is missing' } },
    ['FAIL', 'replay', 'WAL 0005 is missing'],
  ],
  [
    'R-DRILL-2: so is one whose recovery failed, although the service answers',
    { targetMs: 0, replayed: { ...replayed, fault: 'backup', reason: 'invalid record' } },
    ['FAIL', 'replay', 'invalid record'],
  ],
  [
    'R-DRILL-2: recovery that ends before its target and promotes silently is a FAIL',
    { replayed: { ...replayed, endedAtTarget: false } },
    ['FAIL', 'replay', 'recovery ended before its target, at the end of the archive'],
  ],
  [
    'R-DRILL-2: a last commit more than a second before the target is a FAIL',
    { replayed: { ...replayed, reachedMs: targetMs - 1001 }, asserted: { ...asserted, heartbeatAtMs: 0 } },
    ['FAIL', 'replay', 'the last commit that was recovered is 1001 ms before the target'],
  ],
  [
    'R-DRILL-3: an assertion that does not hold is a FAIL, and is named',
    { asserted: { ...asserted, results: [holds, { ...holds, name: 'orders', ok: false, detail: '7 of 9 rows' }] } },
    ['FAIL', 'assert', '7 of 9 rows'],
  ],
  [
    'R-DRILL-5: a drill that asserted nothing proves nothing',
    { asserted: { ...asserted, results: [] } },
    ['INVALID', 'assert', 'nothing was asserted'],
  ],
  [
    'R-DRILL-1: nor does one that left out a level that was wanted',
    { wantedLevels: ['V5', 'V6'] },
    ['INVALID', 'assert', 'nothing was asserted at V6'],
  ],
  [
    'R-DRILL-5: a mutation that nothing noticed makes the drill INVALID',
    {
      mutations: [
        { mutation: 'flipped-bytes', applied: true, noticedBy: 'restore' },
        { mutation: 'dropped-rows', applied: true, noticedBy: null },
      ],
    },
    ['INVALID', 'mutate', 'the assertions did not notice "dropped-rows"'],
  ],
  [
    'R-DRILL-5: a mutation that could not be made was not noticed either',
    { mutations: [{ mutation: 'dropped-rows', applied: false, noticedBy: null }] },
    ['BLOCKED', 'mutate', '"dropped-rows" could not be made'],
  ],
  [
    'R-DRILL-1: a drill out of which packets came is not a PASS',
    { isolation: { sunk: 3, escaped: 2 } },
    ['BLOCKED', 'close', '2 packets left the place'],
  ],
  [
    'R-DRILL-1: nor one whose sink was never seen to work',
    { isolation: { sunk: 0, escaped: 0 } },
    ['BLOCKED', 'close', 'nothing came to the sink, so nobody knows where it went'],
  ],
  [
    'R-DRILL-5: a real incident interrupts the drill',
    { ...notYet, restored, interrupted: { step: 'replay', reason: 'incident on shop' } },
    ['INTERRUPTED', 'replay', 'incident on shop'],
  ],
])('%s', (_what, over, [verdict, step, reason]) => {
  expect(drillDecision({ ...clean, ...over })).toMatchObject({ verdict, step, reason });
});

test.each<[string, Partial<DrillFacts>]>([
  [
    'the last commit is a second before the target',
    { replayed: { ...replayed, reachedMs: targetMs - 1000 }, asserted: { ...asserted, heartbeatAtMs: 0 } },
  ],
  ['the target is the first instant that can be reached', { restored: { ...restored, earliestMs: targetMs } }],
  ['the target is the last instant that is archived', { restored: { ...restored, latestMs: targetMs } }],
  ['the heartbeat is newer than the last commit that the log tells', { replayed: { ...replayed, reachedMs: 0 } }],
  [
    'there is no target to be reached',
    {
      targetMs: 0,
      restored: { ...restored, latestMs: 0 },
      replayed: { ...replayed, reachedMs: 0, endedAtTarget: false },
    },
  ],
  ['it is as late as can be', { targetMs: -1, replayed: { ...replayed, reachedMs: 0, endedAtTarget: true } }],
  ['files have nothing to replay', { targetMs: 0, replayed: null }],
  ['the place has the network of the host', { isolation: null }],
  ['no mutation is asked for', { mutations: [] }],
])('R-DRILL-2, R-DRILL-5: still a PASS when %s', (_what, over) => {
  expect(drillDecision({ ...clean, ...over }).verdict).toBe('PASS');
});

test('R-DRILL-5: what decided is named: the assertion, the mutation', () => {
  const failed = { ...asserted, results: [{ ...holds, name: 'orders', ok: false }] };
  const mutations = [{ mutation: 'dropped-rows', applied: true, noticedBy: null }];

  expect(drillDecision({ ...clean, asserted: failed }).decidedBy).toBe('orders');
  expect(drillDecision({ ...clean, mutations }).decidedBy).toBe('dropped-rows');
});

test('R-DRILL-5: what was found of the backup stands, whatever befalls the drill after it', () => {
  const failed = { ...asserted, results: [{ ...holds, ok: false }] };
  const interrupted = { step: 'mutate', reason: 'incident on shop' } as const;

  expect(drillDecision({ ...clean, asserted: failed, interrupted }).verdict).toBe('FAIL');
  expect(drillDecision({ ...clean, interrupted }).verdict).toBe('INTERRUPTED');
});

const someStep = fc.constantFrom('select', 'open', 'restore', 'replay', 'assert', 'mutate', 'destroy', 'close');
const cut = fc.option(fc.record({ step: someStep, reason: fc.constant('cut') }));

test('R-DRILL-5: a drill that was cut short anywhere, or in which anything failed, is never a PASS', () => {
  fc.assert(
    fc.property(cut, cut, fc.boolean(), fc.option(fc.boolean()), (interrupted, faulted, ok, noticed) => {
      const results = [{ ...holds, ok }];
      const mutations = [{ mutation: 'm', applied: noticed !== null, noticedBy: noticed === true ? 'sums' : null }];

      const { verdict } = drillDecision({
        ...clean,
        interrupted,
        faulted,
        asserted: { ...asserted, results },
        mutations,
      });

      expect(verdict === 'PASS').toBe(interrupted === null && faulted === null && ok && noticed === true);
    }),
  );
});
