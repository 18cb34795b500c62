import { electorateChanged } from '../../../workflows/domain/approval';
import {
  expireApproval,
  extendValidity,
  isUnregularised,
  mayStartWave,
  nextDueAt,
  remindApprovers,
  startApproved,
} from '../../../workflows/domain/approval-course';
import { askedBy } from '../../../workflows/domain/approval-electorate';
import {
  codeOf,
  done,
  electorate,
  eventsOf,
  hourMs,
  kindsOf,
  level,
  opened,
  request,
  rule,
  voted,
} from './approval-given';

import type { ApprovalRequest, ApprovalState } from '../../../workflows/domain/approval-state';

const web = electorate({ web: 'anna ben carl' });
const two = [level('web', { mode: 'n', n: 2 })];
const sevenDaysMs = 7 * 24 * hourMs;

function approvedWith(over: Partial<ApprovalRequest>): ApprovalState {
  return voted(opened(request([level('web')], over), web), 'anna', { roster: web });
}

function started(state: ApprovalState, at: number, regulariseBy: number | null = null): ApprovalState {
  return done(startApproved(state, { at, electorate: web, hash: 'h1', regulariseBy }));
}

test('R-APPR-6: without an answer in time it is timed out, never approved', () => {
  const state = voted(opened(request(two), web), 'anna', { roster: web });

  expect(codeOf(expireApproval(state, sevenDaysMs - 1))).toBe('NOTHING_DUE');
  expect(done(expireApproval(state, sevenDaysMs)).phase).toEqual({ name: 'timed-out', at: sevenDaysMs });
});

test('R-APPR-6: a vote at the deadline is late, whether or not the timer has fired', () => {
  const state = opened(request([level('web')]), web);

  expect(() => voted(state, 'anna', { roster: web, at: sevenDaysMs })).toThrow('RESPONSE_DUE');
  expect(voted(state, 'anna', { roster: web, at: sevenDaysMs - 1 }).phase.name).toBe('approved');
});

test('R-APPR-6: silence is consent only where the rule names it, and nothing speaks against it', () => {
  const levels = [level('web', { mode: 'n', n: 2 }, { rejectOn: 2 })];
  const asked = request(levels, { risk: 'low', rule: rule(levels, { silenceMeansConsent: true }) });
  const state = opened(asked, web);
  const rejected = voted(state, 'anna:reject', { roster: web });
  const unreachable = done(electorateChanged(state, { at: 1, electorate: electorate({ web: 'anna' }) }));
  const after = [state, rejected, unreachable].map((each) => done(expireApproval(each, sevenDaysMs)).phase.name);

  expect(after).toEqual(['approved', 'timed-out', 'timed-out']);
  expect(eventsOf(expireApproval(state, sevenDaysMs))).toEqual([
    { at: sevenDaysMs, kind: 'approval.approved', by: [], silence: true, validUntil: null },
  ]);
});

test('R-APPR-7: reminders go out at 50, 75 and 90 % of the time to the earlier of deadline and window less lead', () => {
  const window = { start: 60 * hourMs, end: 80 * hourMs };
  const state = opened(request(two, { window, rule: rule(two, { leadMs: 20 * hourMs }) }), web);
  const times: number[] = [];
  let next = state;
  for (let due = nextDueAt(next); due !== null && times.length < 4; due = nextDueAt(next)) {
    times.push(due / hourMs);
    const reminded = remindApprovers(next, { at: due, electorate: web, managers: {} });
    if (reminded.accepted) next = reminded.state;
  }

  expect(times).toEqual([20, 30, 36, 80]);
});

test('R-APPR-7: with the last reminder managers of the silent are added, and raise no quorum', () => {
  const levels = [level('web', { mode: 'all' })];
  const roster = electorate({ web: 'anna ben carl' });
  const state = voted(opened(request(levels), roster), 'anna', { roster });
  const at = 0.95 * sevenDaysMs;
  const managers = { anna: 'mia', ben: 'max', carl: 'rita' };
  const reminded = remindApprovers(state, { at, electorate: roster, managers });

  // rita is the requester, and anna has voted
  expect(eventsOf(reminded)).toEqual([
    { at, kind: 'approval.reminded', percent: 90, people: ['ben', 'carl'] },
    { at, kind: 'approval.approver-added', slot: 'web', person: 'max', of: 'ben' },
  ]);
  expect(voted(done(reminded), 'ben max', { roster, at }).phase.name).toBe('approved');
  expect(codeOf(remindApprovers(done(reminded), { at, electorate: roster, managers }))).toBe('NOTHING_DUE');
});

test('R-APPR-7: nothing is reminded before it is due, nor what is decided', () => {
  const early = { at: hourMs, electorate: web, managers: {} };

  expect(codeOf(remindApprovers(opened(request(two), web), early))).toBe('NOTHING_DUE');
  expect(codeOf(remindApprovers(approvedWith({}), { ...early, at: sevenDaysMs }))).toBe('APPROVAL_CLOSED');
});

test.each<[string, number | null, number | null, number | null]>([
  ['nothing ends it', null, null, null],
  ['the window', 10, null, 10],
  ['its expiry', 10, 3, 4],
  ['the window before its expiry', 3, 9, 3],
])('R-APPR-8: an approval is valid until %s', (_name, windowEnd, validFor, until) => {
  const window = windowEnd === null ? null : { start: 2 * hourMs, end: windowEnd * hourMs };
  const validForMs = validFor === null ? null : validFor * hourMs;
  const { phase } = approvedWith({ window, rule: rule([level('web')], { validForMs }) });

  expect(phase).toMatchObject({ name: 'approved', validUntil: until === null ? null : until * hourMs });
});

const short = { window: { start: 2 * hourMs, end: 4 * hourMs } };

test('R-APPR-8: an approval that ends before the start must be given anew', () => {
  const approved = approvedWith(short);

  expect(codeOf(startApproved(approved, { at: 4 * hourMs, electorate: web, hash: 'h1', regulariseBy: null }))).toBe(
    'APPROVAL_EXPIRED',
  );
  expect([nextDueAt(approved), done(expireApproval(approved, 4 * hourMs)).phase]).toEqual([
    4 * hourMs,
    { name: 'lapsed', at: 4 * hourMs },
  ]);
});

test('R-APPR-8: an approval that ends while it runs starts no further wave', () => {
  const running = started(approvedWith(short), 2 * hourMs);
  const expired = expireApproval(running, 4 * hourMs);

  expect([mayStartWave(running, 4 * hourMs - 1), mayStartWave(running, 4 * hourMs)]).toEqual([true, false]);
  expect([kindsOf(expired), done(expired).phase.name]).toEqual([['expired-while-running'], 'approved']);
  expect(codeOf(expireApproval(done(expired), 5 * hourMs))).toBe('NOTHING_DUE');
});

test('R-APPR-8, R-WIN-3: an extension moves the end of validity and voids nothing', () => {
  const running = started(approvedWith(short), 2 * hourMs);
  const extended = extendValidity(running, { at: 3 * hourMs, until: 6 * hourMs });

  expect([mayStartWave(done(extended), 5 * hourMs), done(extended).votes.length]).toEqual([true, 1]);
  expect(codeOf(extendValidity(running, { at: 3 * hourMs, until: 4 * hourMs }))).toBe('NOT_AN_EXTENSION');
  expect(codeOf(extendValidity(opened(request(two), web), { at: 1, until: 2 }))).toBe('APPROVAL_PENDING');
});

test('R-APPR-9: another plan than the approved one does not start', () => {
  expect(codeOf(startApproved(approvedWith({}), { at: 2, electorate: web, hash: 'h2', regulariseBy: null }))).toBe(
    'PLAN_CHANGED',
  );
});

const urgent = request(two, { emergency: true });

test.each<[string, ApprovalRequest, string, number | null, string | null]>([
  ['an emergency with one of two approvals', urgent, 'anna', 26, null],
  ['an emergency without any', urgent, '', 26, 'APPROVAL_MISSING'],
  ['an emergency of which nobody said when it must be regular', urgent, 'anna', null, 'APPROVAL_MISSING'],
  ['anything else with one of two', request(two), 'anna', 26, 'APPROVAL_MISSING'],
])('R-APPR-12: the start of %s', (_name, asked, votes, hours, code) => {
  const state = voted(opened(asked, web), votes, { roster: web });
  const regulariseBy = hours === null ? null : hours * hourMs;

  expect(codeOf(startApproved(state, { at: 2 * hourMs, electorate: web, hash: 'h1', regulariseBy }))).toBe(code);
});

test('R-APPR-12: the one approval of an emergency is of somebody who may still give it', () => {
  const state = voted(opened(urgent, web), 'anna', { roster: web });
  const moved = electorate({ web: 'ben carl' });

  expect(codeOf(startApproved(state, { at: 2, electorate: moved, hash: 'h1', regulariseBy: 9 }))).toBe(
    'APPROVAL_MISSING',
  );
});

test('R-APPR-12: an emergency is regularised by the second approval, late or not', () => {
  const running = started(voted(opened(urgent, web), 'anna', { roster: web }), 2 * hourMs, 26 * hourMs);
  const overdue = expireApproval(running, 26 * hourMs);
  const inTime = voted(running, 'ben', { roster: web, at: 25 * hourMs });
  const late = voted(done(overdue), 'ben', { roster: web, at: 30 * hourMs });

  expect([nextDueAt(running), kindsOf(overdue)]).toEqual([26 * hourMs, ['unregularised']]);
  expect([running, done(overdue), inTime, late].map((each) => isUnregularised(each))).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect([inTime.phase.name, late.phase.name]).toEqual(['approved', 'approved']);
});

test('R-APPR-12: an emergency that runs is not timed out by the response deadline', () => {
  const running = started(voted(opened(urgent, web), 'anna', { roster: web }), 2 * hourMs, sevenDaysMs + hourMs);

  expect(codeOf(expireApproval(running, sevenDaysMs))).toBe('NOTHING_DUE');
  expect(voted(running, 'ben', { roster: web, at: sevenDaysMs }).phase.name).toBe('approved');
});

test('R-APPR-12: an emergency that is rejected afterwards is flagged and starts no further wave', () => {
  const running = started(voted(opened(urgent, web), 'anna', { roster: web }), 2 * hourMs, 26 * hourMs);
  const rejected = voted(running, 'ben:reject', { roster: web, at: 3 * hourMs });

  expect([isUnregularised(rejected), mayStartWave(running, 3 * hourMs), mayStartWave(rejected, 3 * hourMs)]).toEqual([
    true,
    true,
    false,
  ]);
});

test('R-APPR-3: a barred delegate is passed over, and the next one or the person is asked', () => {
  const roster = electorate(
    { web: 'anna ben carl' },
    ...([
      ['anna', 'rita', 0, 9],
      ['anna', 'dan', 0, 9],
      ['ben', 'ivan', 0, 9],
      ['carl', 'dan', 5, 9],
    ] as const),
  );
  const state = opened(request(two), roster);

  expect(askedBy(state, roster, hourMs)).toEqual([
    { slot: 'web', person: 'anna', actor: 'dan' },
    { slot: 'web', person: 'ben', actor: 'ben' },
    { slot: 'web', person: 'carl', actor: 'carl' },
  ]);
});
