import fc from 'fast-check';

import { delegateVote } from '../../../workflows/domain/approval-delegation';
import { barOf } from '../../../workflows/domain/approval-electorate';
import type { ApprovalState, ApprovalTransition } from '../../../workflows/domain/approval-state';
import { electorate, hourMs, level, opened, request, vote, voted } from './approval-given';

const roster = electorate({ web: 'anna ben rita ivan' }, ['ben', 'eve', 0, 100]);
const start = opened(request([level('web', { mode: 'n', n: 2 })]), roster);

function delegated(state: ApprovalState, actor: string, to: string, until: number | null = null): ApprovalTransition {
  return delegateVote(state, { at: hourMs, electorate: roster, actor, to, until });
}

function done(transition: ApprovalTransition): ApprovalState {
  if (!transition.accepted) throw new Error(transition.code);
  return transition.state;
}

function codeOf(transition: ApprovalTransition): string | null {
  return transition.accepted ? null : transition.code;
}

test.each<[string, string, string, string | null]>([
  ['somebody who is asked delegates', 'anna', 'dan', null],
  ['to somebody who is asked as well', 'anna', 'ben', null],
  ['somebody who is not asked', 'zoe', 'dan', 'NOT_ELIGIBLE'],
  ['a delegate hands on', 'eve', 'dan', 'DELEGATE_OF_DELEGATE'],
  ['to the requester', 'anna', 'rita', 'DUTIES_NOT_SEPARATE'],
  ['to the implementer', 'anna', 'ivan', 'DUTIES_NOT_SEPARATE'],
  ['the requester delegates', 'rita', 'dan', 'DUTIES_NOT_SEPARATE'],
  ['the implementer delegates', 'ivan', 'dan', 'DUTIES_NOT_SEPARATE'],
  ['taken back what was never given', 'anna', 'anna', 'DELEGATION_NOT_FOUND'],
])('R-APPR-3, R-SOD-1: delegation of one approval: %s', (_name, actor, to, code) => {
  expect(codeOf(delegated(start, actor, to))).toBe(code);
});

test('R-APPR-3: who was given a vote for one approval does not hand it on', () => {
  const given = done(delegated(start, 'anna', 'dan'));

  expect(codeOf(delegated(given, 'dan', 'eve'))).toBe('DELEGATE_OF_DELEGATE');
});

test.each<[string, number | null, string | null]>([
  ['for as long as it is asked', null, null],
  ['within its time', 3 * hourMs, null],
  ['at its end, which is no longer in it', 2 * hourMs, 'NOT_DELEGATED'],
])('R-APPR-3: a delegate votes %s', (_name, until, code) => {
  const given = done(delegated(start, 'anna', 'dan', until));

  expect(codeOf(vote(given, 'dan', { roster, onBehalfOf: 'anna', at: 2 * hourMs }))).toBe(code);
});

test('a delegation whose end has passed is refused', () => {
  expect(codeOf(delegated(start, 'anna', 'dan', hourMs))).toBe('DELEGATION_OVER');
});

test('what was taken back, or given to somebody else, holds no more', () => {
  const dan = done(delegated(start, 'anna', 'dan'));
  const back = done(delegated(dan, 'anna', 'anna'));
  const other = done(delegated(dan, 'anna', 'eve'));

  expect(codeOf(vote(back, 'dan', { roster, onBehalfOf: 'anna' }))).toBe('NOT_DELEGATED');
  expect(codeOf(vote(other, 'dan', { roster, onBehalfOf: 'anna' }))).toBe('NOT_DELEGATED');
  expect(codeOf(vote(other, 'eve', { roster, onBehalfOf: 'anna' }))).toBeNull();
});

test('who has voted delegates nothing, and is given nothing', () => {
  const one = voted(start, 'ben', { roster });

  expect(codeOf(delegated(one, 'ben', 'dan'))).toBe('ALREADY_VOTED');
  expect(codeOf(delegated(one, 'anna', 'ben'))).toBe('ALREADY_VOTED');
});

test('R-APPR-3, R-SOD-1: whatever is delegated to whom, neither the requester nor an implementer votes, and nobody votes twice', () => {
  const people = ['anna', 'ben', 'dan', 'eve', 'rita', 'ivan', 'zoe'];
  const somebody = fc.constantFrom(...people);
  const act = fc.record({ kind: fc.constantFrom('delegate', 'vote'), actor: somebody, other: somebody });

  fc.assert(
    fc.property(fc.array(act, { maxLength: 14 }), (acts) => {
      let state = start;
      let at = hourMs;
      for (const { kind, actor, other } of acts) {
        at += 1;
        const next =
          kind === 'delegate'
            ? delegateVote(state, { at, electorate: roster, actor, to: other, until: null })
            : vote(state, actor, { roster, at, id: `v${at}`, ...(actor === other ? {} : { onBehalfOf: other }) });
        if (next.accepted) state = next.state;
      }
      const counted = state.votes.flatMap(({ person, actor }) => [...new Set([person, actor])]);
      expect(counted.filter((person) => barOf(start, person) !== null)).toEqual([]);
      expect(new Set(counted).size).toBe(counted.length);
      expect(state.votes.every(({ person }) => ['anna', 'ben'].includes(person))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
