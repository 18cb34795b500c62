import fc from 'fast-check';

import { retentionOf } from '../../../workflows/domain/retention';
import { somePolicy, someSets } from './retention-given';
import { referenceKept } from './retention-reference';

test.each(['independent', 'cascading'] as const)(
  'R-BKP-1: on 5,000 random collections %s keeps what a second writing-down of the rules keeps',
  (algorithm) => {
    const seen = new Set<string>();
    let gone = 0;

    fc.assert(
      fc.property(someSets, somePolicy, ({ sets, nowMs }, numbers) => {
        const policy = { ...numbers, algorithm };

        const verdicts = retentionOf(sets, policy, nowMs);

        const kept = verdicts.filter(({ keep }) => keep).map(({ id }) => id);
        expect(kept.toSorted()).toEqual([...referenceKept(sets, policy, nowMs)].toSorted());
        gone += verdicts.length - kept.length;
        for (const { rule } of verdicts.flatMap(({ reasons }) => reasons)) seen.add(rule);
      }),
      { numRuns: 5000 },
    );

    // Nothing is proven by collections in which a rule never speaks, or from which nothing ever goes.
    expect([...seen].toSorted()).toEqual(everyRule);
    expect(gone).toBeGreaterThan(5000);
  },
  60_000,
);

const everyRule = [
  'chain',
  'daily',
  'empty-policy',
  'first-outside-window',
  'floor',
  'foreign',
  'future',
  'hold',
  'hourly',
  'last',
  'monthly',
  'newest-proven',
  'newest-verified',
  'not-superseded',
  'orphan',
  'pin',
  'weekly',
  'window',
  'within',
  'yearly',
];
