import fc from 'fast-check';

import { isTokenOf, noticeIdOf, shortId, voteKeyOf, voteTokenPattern, writeVoteToken } from '../../platform/vote-token';
import type { VoteClaims } from '../../platform/vote-token';

const key = voteKeyOf(Buffer.alloc(32, 7));

const claims: VoteClaims = {
  id: shortId(['run/r1', 'asked', 'user/anna']),
  taskId: 'r1-1',
  planHash: 'sha256:aa',
  showHash: '',
  person: 'user/anna',
  onBehalfOf: null,
  expiresAt: 1_000_000,
};

test('a vote token fits into the tag of a mail address and survives a relay that writes it small (R-APPR-11)', () => {
  const token = writeVoteToken(key, claims, null);

  expect(token).toMatch(new RegExp(`^${voteTokenPattern.source}$`));
  expect(`approvals+${token}`.length).toBeLessThanOrEqual(64);
  expect(token.toLowerCase()).toBe(token);
  expect(noticeIdOf(token)).toBe(claims.id);
});

const arbitraryClaims = fc.record({
  id: fc.constant(claims.id),
  taskId: fc.oneof(fc.constant(claims.taskId), fc.string()),
  planHash: fc.oneof(fc.constant(claims.planHash), fc.string()),
  showHash: fc.oneof(fc.constant(''), fc.string()),
  person: fc.constantFrom('user/anna', 'user/ben', 'user/an'),
  onBehalfOf: fc.constantFrom(null, 'user/carl'),
  expiresAt: fc.constantFrom(1_000_000, 2_000_000),
  choice: fc.constantFrom(null, 'approve', 'reject'),
});

test('a vote token stands for one request, one hash, one person, one choice and nothing else (R-APPR-11)', () => {
  fc.assert(
    fc.property(arbitraryClaims, arbitraryClaims, (one, other) => {
      const { choice, ...claimsOfOne } = one;
      const token = writeVoteToken(key, claimsOfOne, choice);

      const isSame = JSON.stringify(one) === JSON.stringify(other);
      expect(isTokenOf(key, token, one)).toBe(true);
      expect(isTokenOf(key, token, other)).toBe(isSame);
      expect(isTokenOf(voteKeyOf(Buffer.alloc(32, 8)), token, one)).toBe(false);
    }),
  );
});

test.each(['', 'a', 'é'.repeat(46), `${writeVoteToken(key, claims, null)}a`])(
  '%j is no token and no crash',
  (token) => {
    expect(isTokenOf(key, token, { ...claims, choice: null })).toBe(false);
  },
);
