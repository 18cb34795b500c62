import fc from 'fast-check';

import { castVote, electorateChanged, openApproval, personLeft, revokeVote } from '../../../workflows/domain/approval';
import { withdrawRequest } from '../../../workflows/domain/approval-revision';
import { startApproved } from '../../../workflows/domain/approval-course';
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
  slot,
  vote,
  voted,
} from './approval-given';

import type { ApprovalRequest, ApprovalState } from '../../../workflows/domain/approval-state';
import type { Electorate } from '../../../workflows/domain/approval-electorate';
import type { Quorum } from '../../../workflows/domain/approval-rule';

const web = electorate({ web: 'anna ben carl dora' });

test.each<[string, Quorum, string, string]>([
  ['any', { mode: 'any' }, 'anna', 'approved'],
  ['2 of 4, one given', { mode: 'n', n: 2 }, 'anna', 'pending'],
  ['2 of 4', { mode: 'n', n: 2 }, 'anna dora', 'approved'],
  ['all, one missing', { mode: 'all' }, 'anna ben carl', 'pending'],
  ['all', { mode: 'all' }, 'anna ben carl dora', 'approved'],
  ['51 % of 4 is 3, two given', { mode: 'percent', percent: 51 }, 'anna ben', 'pending'],
  ['51 % of 4 is 3', { mode: 'percent', percent: 51 }, 'anna ben carl', 'approved'],
  ['an abstention does not lower "all"', { mode: 'all' }, 'anna ben carl dora:abstain', 'pending'],
])('R-APPR-1: %s', (_name, quorum, votes, phase) => {
  const state = voted(opened(request([level('web', quorum)]), web), votes, { roster: web });

  expect(state.phase.name).toBe(phase);
});

test('R-APPR-1: levels are asked in sequence, slots of a level together', () => {
  const both = { ...level('first'), slots: [slot('dba'), slot('net')] };
  const roster = electorate({ dba: 'anna', net: 'ben', cab: 'carl' });
  const start = opened(request([both, level('cab')]), roster);

  expect(codeOf(vote(start, 'carl', { roster }))).toBe('NOT_ELIGIBLE');

  const first = voted(start, 'ben anna', { roster });

  expect([first.phase, voted(first, 'carl', { roster }).phase]).toEqual([
    { name: 'pending', level: 1 },
    { name: 'approved', at: hourMs, by: ['ben', 'anna', 'carl'], validUntil: null },
  ]);
});

test('R-APPR-1: one person in two slots moves to the slot that only they can fill', () => {
  const both = { ...level('first'), slots: [slot('dba'), slot('net')] };
  const roster = electorate({ dba: 'anna ben', net: 'anna' });
  const start = opened(request([both]), roster);

  expect(voted(start, 'anna', { roster }).phase.name).toBe('pending');
  expect(voted(start, 'anna ben', { roster }).phase.name).toBe('approved');
});

test.each<[string, number, string, string]>([
  ['one rejection ends it', 1, 'anna:reject', 'rejected'],
  ['a board with a quorum of 2 goes on after one', 2, 'anna:reject', 'pending'],
  ['a board with a quorum of 2', 2, 'anna:reject ben:reject', 'rejected'],
  ['a board may outvote one rejection', 2, 'anna:reject ben carl', 'approved'],
  ['an abstention is no rejection', 1, 'anna:abstain', 'pending'],
])('R-APPR-2: %s', (_name, rejectOn, votes, phase) => {
  const start = opened(request([level('web', { mode: 'n', n: 2 }, { rejectOn })]), web);

  expect(voted(start, votes, { roster: web }).phase.name).toBe(phase);
});

test('R-APPR-2: who approved with what was rejected afterwards is not asked again', () => {
  const rejected = voted(opened(request([level('web', { mode: 'n', n: 2 })]), web), 'anna ben:reject', { roster: web });

  expect(rejected.phase).toEqual({ name: 'rejected', at: hourMs, by: ['ben'] });
  expect(codeOf(vote(rejected, 'carl', { roster: web }))).toBe('APPROVAL_CLOSED');
});

const twoLevels = electorate({ web: 'anna ben', cab: 'anna carl' });

test.each<[string, boolean, string | null]>([
  ['a person counts once across levels', false, 'ALREADY_VOTED'],
  ['unless a level counts apart', true, null],
])('R-APPR-3: %s', (_name, countsApart, code) => {
  const levels = [level('web'), level('cab', { mode: 'any' }, { countsApart })];
  const first = voted(opened(request(levels), twoLevels), 'anna', { roster: twoLevels });

  expect(codeOf(vote(first, 'anna', { roster: twoLevels, at: 2 * hourMs }))).toBe(code);
});

test('R-APPR-3: who only abstained may vote at the next level', () => {
  const first = voted(opened(request([level('web'), level('cab')]), twoLevels), 'anna:abstain ben', {
    roster: twoLevels,
  });

  expect(voted(first, 'anna', { roster: twoLevels, at: 2 * hourMs }).phase.name).toBe('approved');
});

test.each<[string, string, string, number, string | null]>([
  ['a delegate votes for who delegated', 'dan', 'anna', 2, null],
  ['before the delegation begins', 'dan', 'anna', 0, 'NOT_DELEGATED'],
  ['at its end, which is no longer in it', 'dan', 'anna', 4, 'NOT_DELEGATED'],
  ['without a delegation', 'dan', 'ben', 2, 'NOT_DELEGATED'],
  ['the requester as a delegate', 'rita', 'anna', 2, 'DUTIES_NOT_SEPARATE'],
  ['the implementer as a delegate', 'ivan', 'anna', 2, 'DUTIES_NOT_SEPARATE'],
  ['a delegate of the requester', 'dan', 'rita', 2, 'DUTIES_NOT_SEPARATE'],
  ['who delegated is no candidate', 'dan', 'zoe', 2, 'NOT_ELIGIBLE'],
])('R-APPR-3: %s', (_name, actor, onBehalfOf, hours, code) => {
  const roster = electorate(
    { web: 'anna ben rita' },
    ...([
      ['anna', 'dan', 1, 4],
      ['anna', 'rita', 1, 4],
      ['anna', 'ivan', 1, 4],
      ['rita', 'dan', 1, 4],
      ['zoe', 'dan', 1, 4],
    ] as const),
  );
  const start = opened(request([level('web')]), roster);

  expect(codeOf(vote(start, actor, { roster, onBehalfOf, at: hours * hourMs }))).toBe(code);
});

test('R-APPR-3: own and delegated together are one vote, of either', () => {
  const roster = electorate({ web: 'anna ben carl' }, ['anna', 'ben', 0, 9]);
  const start = opened(request([level('web', { mode: 'n', n: 2 })]), roster);
  const delegated = voted(start, 'ben>anna', { roster });

  expect(delegated.votes).toEqual([
    { id: `ben-${hourMs}`, person: 'anna', actor: 'ben', choice: 'approve', level: 0, at: hourMs, leftAt: null },
  ]);
  expect([codeOf(vote(delegated, 'ben', { roster, id: 'x' })), codeOf(vote(delegated, 'anna', { roster }))]).toEqual([
    'ALREADY_VOTED',
    'ALREADY_VOTED',
  ]);
  expect(voted(delegated, 'carl', { roster }).phase).toMatchObject({ name: 'approved', by: ['anna', 'carl'] });
});

test('R-APPR-4: a leaver before the quorum voids the vote and the slot is asked anew at once', () => {
  const start = voted(opened(request([level('web', { mode: 'n', n: 2 })]), web), 'anna', { roster: web });
  const left = personLeft(start, { at: 2 * hourMs, electorate: web, person: 'anna' });

  expect(eventsOf(left)).toEqual([
    { at: 2 * hourMs, kind: 'approval.person-left', person: 'anna' },
    { at: 2 * hourMs, kind: 'approval.vote-voided', vote: `anna-${hourMs}`, person: 'anna', reason: 'left' },
  ]);
  expect(voted(done(left), 'ben', { roster: web, at: 3 * hourMs }).phase.name).toBe('pending');
  expect(codeOf(vote(done(left), 'anna', { roster: web, id: 'again' }))).toBe('PERSON_LEFT');
});

test('R-APPR-4: a leaver after the level closed stands and is annotated', () => {
  const first = voted(opened(request([level('web'), level('cab')]), twoLevels), 'anna', { roster: twoLevels });
  const left = personLeft(first, {
    at: 2 * hourMs,
    electorate: electorate({ web: 'ben', cab: 'carl' }),
    person: 'anna',
  });

  expect(kindsOf(left)).toEqual(['person-left', 'vote-annotated']);
  expect(done(left)).toMatchObject({ phase: { level: 1 }, votes: [{ person: 'anna', leftAt: 2 * hourMs }] });
});

test('R-APPR-4: the vote of a delegate is void as soon as either of the two leaves', () => {
  const roster = electorate({ web: 'anna ben carl' }, ['anna', 'dan', 0, 9]);
  const start = voted(opened(request([level('web', { mode: 'n', n: 2 })]), roster), 'dan>anna', { roster });
  const after = ['anna', 'dan'].map(
    (person) => done(personLeft(start, { at: 2 * hourMs, electorate: roster, person })).votes.length,
  );

  expect(after).toEqual([0, 0]);
});

test('R-APPR-4: who is no candidate any more when the quorum is counted does not count, even unannounced', () => {
  const start = voted(opened(request([level('web', { mode: 'n', n: 2 })]), web), 'anna', { roster: web });
  const moved = electorate({ web: 'ben carl dora' });
  const second = vote(start, 'ben', { roster: moved });

  expect(kindsOf(second)).toEqual(['vote-voided', 'vote-cast']);
  expect(done(second).phase.name).toBe('pending');
});

test('R-APPR-4: with all but the leaver having approved, "all" is reached', () => {
  const roster = electorate({ web: 'anna ben' });
  const start = voted(opened(request([level('web', { mode: 'all' })]), roster), 'anna', { roster });

  expect(done(personLeft(start, { at: 2 * hourMs, electorate: roster, person: 'ben' })).phase.name).toBe('approved');
});

test.each<[string, ApprovalRequest, Electorate, string | null]>([
  ['enough people', request([level('web', { mode: 'n', n: 2 })]), electorate({ web: 'anna ben' }), null],
  ['too few', request([level('web', { mode: 'n', n: 2 })]), electorate({ web: 'anna' }), 'QUORUM_UNREACHABLE'],
  ['nobody', request([level('web')]), electorate({}), 'QUORUM_UNREACHABLE'],
  ['nobody but the requester', request([level('web')]), electorate({ web: 'rita' }), 'QUORUM_UNREACHABLE'],
  ['nobody but the implementer', request([level('web')]), electorate({ web: 'ivan' }), 'QUORUM_UNREACHABLE'],
  [
    'one person for two levels',
    request([level('web'), level('cab')]),
    electorate({ web: 'anna', cab: 'anna' }),
    'QUORUM_UNREACHABLE',
  ],
  [
    'one person for two levels of which one counts apart',
    request([level('web'), level('cab', { mode: 'any' }, { countsApart: true })]),
    electorate({ web: 'anna', cab: 'anna' }),
    null,
  ],
])('R-APPR-5: at submission, %s', (_name, asked, roster, code) => {
  expect(codeOf(openApproval(asked, { at: 0, respondBy: null, electorate: roster }))).toBe(code);
});

test('R-APPR-5: a quorum that becomes impossible is raised at once, and so is its return', () => {
  const state = opened(request([level('web', { mode: 'n', n: 2 })]), web);
  const fewer = electorateChanged(state, { at: hourMs, electorate: electorate({ web: 'anna' }) });
  const again = electorateChanged(done(fewer), { at: 2 * hourMs, electorate: web });

  expect(eventsOf(fewer)).toEqual([
    {
      at: hourMs,
      kind: 'approval.unreachable',
      shortfalls: [{ kind: 'seats', slot: 'web', min: 2, eligible: 1 }],
    },
  ]);
  expect([kindsOf(again), done(again).shortfalls]).toEqual([['reachable'], []]);
});

test('R-APPR-5: abstentions may make a quorum impossible', () => {
  const roster = electorate({ web: 'anna ben' });
  const start = opened(request([level('web', { mode: 'n', n: 2 })]), roster);

  expect(kindsOf(vote(start, 'anna', { roster, choice: 'abstain' }))).toEqual(['vote-cast', 'unreachable']);
});

test.each<[string, Partial<ApprovalRequest>, string, string | null]>([
  ['the requester never approves', {}, 'rita', 'DUTIES_NOT_SEPARATE'],
  ['the requester does not approve at low risk either', { risk: 'low' }, 'rita', 'DUTIES_NOT_SEPARATE'],
  ['the implementer does not approve at moderate risk', {}, 'ivan', 'DUTIES_NOT_SEPARATE'],
  ['the implementer does not approve at high risk', { risk: 'high' }, 'ivan', 'DUTIES_NOT_SEPARATE'],
  ['the implementer may approve at low risk', { risk: 'low' }, 'ivan', null],
])('R-SOD-1: %s', (_name, over, actor, code) => {
  const roster = electorate({ web: 'anna rita ivan' });

  expect(codeOf(vote(opened(request([level('web')], over), roster), actor, { roster }))).toBe(code);
});

test('R-SOD-1: authors are never the only ones who approve a publication', () => {
  const roster = electorate({ web: 'anna ben carl' });
  const start = opened(request([level('web', { mode: 'n', n: 2 })], { authors: ['anna', 'ben'] }), roster);
  const authors = voted(start, 'anna ben', { roster });
  const stranded = electorateChanged(authors, { at: 2 * hourMs, electorate: electorate({ web: 'anna ben' }) });

  expect([authors.phase.name, voted(authors, 'carl', { roster }).phase.name]).toEqual(['pending', 'approved']);
  expect(done(stranded).shortfalls).toEqual([{ kind: 'independent' }]);
});

test('R-SOD-1: an author who votes for somebody else is an author still', () => {
  const roster = electorate({ web: 'ben carl' }, ['ben', 'anna', 0, 9]);
  const start = opened(request([level('web')], { authors: ['anna'] }), roster);

  expect(voted(start, 'anna>ben', { roster }).phase.name).toBe('pending');
});

test('R-APPR-11: a token that was used changes nothing and shows what was recorded', () => {
  const first = voted(opened(request([level('web', { mode: 'n', n: 2 })]), web), 'anna', { roster: web });
  const again = vote(first, 'anna', { roster: web, choice: 'reject' });

  expect(again).toEqual({ accepted: true, state: first, events: [] });
  expect(first.answered).toEqual({ [`anna-${hourMs}`]: 'approve' });
});

test.each<[string, Partial<Record<'request' | 'hash' | 'person', string>>, string]>([
  ['of another request', { request: 'c2' }, 'OTHER_REQUEST'],
  ['of another hash', { hash: 'h0' }, 'PLAN_CHANGED'],
  ['that was forwarded', { person: 'ben' }, 'TOKEN_NOT_YOURS'],
])('R-APPR-11: a token %s does not count', (_name, over, code) => {
  const state = opened(request([level('web')]), web);
  const token = { id: 't1', request: 'c1', hash: 'h1', person: 'anna', ...over };
  const given = { at: hourMs, electorate: web, actor: 'anna', onBehalfOf: null, comment: '', via: 'mail' };

  expect(codeOf(castVote(state, { ...given, choice: 'approve', token }))).toBe(code);
});

test('R-APPR-11: a vote after cancellation changes nothing', () => {
  const gone = done(withdrawRequest(opened(request([level('web')]), web), { at: 1, reason: 'cancelled' }));

  expect(vote(gone, 'anna', { roster: web })).toEqual({
    accepted: false,
    code: 'APPROVAL_CLOSED',
    reason: 'Cannot vote approval "c1": it is withdrawn',
  });
});

test('a vote may be revoked until the start, and what closed on it is open again', () => {
  const approved = voted(opened(request([level('web'), level('cab')]), twoLevels), 'ben anna', { roster: twoLevels });
  const revocation = { at: 2 * hourMs, electorate: twoLevels, actor: 'ben', vote: `ben-${hourMs}`, comment: 'no' };
  const revoked = revokeVote(approved, { ...revocation, respondBy: null });
  const started = done(startApproved(approved, { at: hourMs, electorate: twoLevels, hash: 'h1', regulariseBy: null }));

  expect(kindsOf(revoked)).toEqual(['vote-revoked', 'vote-voided', 'level-opened']);
  expect(done(revoked)).toMatchObject({ phase: { name: 'pending', level: 0 }, votes: [], openedAt: 2 * hourMs });
  // Granted late, it is asked for as long as at first.
  expect(done(revoked).respondBy).toBe((2 + 7 * 24) * hourMs);
  expect(codeOf(revokeVote(started, { ...revocation, respondBy: null }))).toBe('ALREADY_STARTED');
});

test.each<[string, string, string, string | null]>([
  ['by who gave it', 'dan', `dan-${hourMs}`, null],
  ['by whose it is', 'anna', `dan-${hourMs}`, null],
  ['by somebody else', 'ben', `dan-${hourMs}`, 'NOT_YOUR_VOTE'],
  ['that does not stand', 'dan', 'nothing', 'VOTE_NOT_FOUND'],
])('a vote is revoked %s', (_name, actor, id, code) => {
  const roster = electorate({ web: 'anna ben' }, ['anna', 'dan', 0, 9]);
  const state = voted(opened(request([level('web', { mode: 'all' })]), roster), 'dan>anna', { roster });
  const revoked = revokeVote(state, { at: hourMs, electorate: roster, actor, vote: id, comment: '', respondBy: null });

  expect(codeOf(revoked)).toBe(code);
});

test('the state is plain JSON and can be entered again', () => {
  const state = voted(opened(request([level('web', { mode: 'n', n: 2 })]), web), 'anna', { roster: web });
  const stored: ApprovalState = JSON.parse(JSON.stringify(state));

  expect(voted(stored, 'ben', { roster: web })).toEqual(voted(state, 'ben', { roster: web }));
});

const person = fc.constantFrom('anna', 'ben', 'carl', 'dora', 'rita', 'ivan');
const ballot = fc.record({ actor: person, choice: fc.constantFrom('approve' as const, 'reject' as const) });
const everyone = electorate({ web: 'anna ben carl dora rita ivan', cab: 'anna ben carl dora rita ivan' });

test('R-APPR-1, R-SOD-1: nothing is approved by fewer than asked, nor by requester or implementer', () => {
  fc.assert(
    fc.property(fc.array(ballot, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (ballots, n) => {
      let state = opened(request([level('web', { mode: 'n', n }), level('cab')]), everyone);
      for (const [at, { actor, choice }] of ballots.entries()) {
        const next = vote(state, actor, { roster: everyone, choice, at });
        if (next.accepted) state = next.state;
      }

      if (state.phase.name !== 'approved') return;
      expect(new Set(state.phase.by).size).toBeGreaterThanOrEqual(n + 1);
      expect(state.phase.by).not.toContain('rita');
      expect(state.phase.by).not.toContain('ivan');
    }),
  );
});

/**
 * D9: a vote is looked at when it arrives and counted when its turn comes. Whatever was seen at arrival, the result is the one of the
 * order of turns, so approve and deny of the same instant have one outcome that all can be told.
 */
test('R-APPR-2: concurrent approve and deny are linearised in every interleaving', () => {
  const ballots = ['anna:approve', 'ben:reject', 'carl:approve', 'dora:reject'] as const;
  const start = opened(request([level('web', { mode: 'n', n: 2 })]), web);
  const outcomes = new Map<string, string>();
  for (const order of interleavings(ballots.map((each) => [`see ${each}`, `count ${each}`]))) {
    let state = start;
    const answers: string[] = [];
    for (const turn of order) {
      const [what, name = ''] = turn.split(' ');
      const [actor = '', word] = name.split(':');
      const next = vote(state, actor, { roster: web, choice: word === 'reject' ? 'reject' : 'approve' });
      if (what === 'see') continue;
      answers.push(`${name} ${codeOf(next) ?? 'counted'}`);
      if (next.accepted) state = next.state;
    }
    const turns = order.filter((turn) => turn.startsWith('count')).join();
    const outcome = JSON.stringify([state.phase, answers]);

    expect(outcomes.get(turns) ?? outcome).toBe(outcome);
    outcomes.set(turns, outcome);
    // Exactly one vote decided; what came later was told so.
    expect(answers.filter((answer) => answer.endsWith('APPROVAL_CLOSED')).length).toBe(4 - state.votes.length);
  }

  expect(outcomes.size).toBe(24);
});

function interleavings(lines: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const open = lines.filter((line) => line.length > 0);
  if (open.length === 0) return [[]];
  return open.flatMap((line) =>
    interleavings(open.map((each) => (each === line ? each.slice(1) : each))).map((rest) => [line[0] ?? '', ...rest]),
  );
}

test.each([
  ['who asked for it besides', 'mara', 'DUTIES_NOT_SEPARATE'],
  ['the requester', 'rita', 'DUTIES_NOT_SEPARATE'],
  ['another one of those who are asked', 'mona', null],
])('R-WIN-3, R-SOD-1: of an extension that somebody else asked for, %s', (_name, actor, code) => {
  const managers = electorate({ extension: 'mara mona rita' });
  const asked = opened(request([level('extension')], { askers: ['mara'] }), managers);

  expect(codeOf(vote(asked, actor, { roster: managers }))).toBe(code);
});
