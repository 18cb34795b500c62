import { cancelAnswer } from '../../../workflows/domain/change-cancel';
import type { CancelAnswer, CancelFacts } from '../../../workflows/domain/change-cancel';

const implementing: CancelFacts = { phase: 'implementing', touched: true, passedNoReturn: false };

test.each<[string, Partial<CancelFacts>, CancelAnswer]>([
  ['a change that has not started', { phase: 'not-started', touched: false }, { kind: 'cancelled' }],
  ['one under way: backing out is the default', {}, { kind: 'stops', backOut: 'yes' }],
  ['one under way that touched nothing', { touched: false }, { kind: 'stops', backOut: 'nothing' }],
  ['one past its point of no return', { passedNoReturn: true }, { kind: 'stops', backOut: 'ask' }],
  [
    'one that is being backed out',
    { phase: 'backing-out' },
    { kind: 'refused', reason: 'Cannot cancel the change: it is being backed out' },
  ],
  [
    'one under review',
    { phase: 'reviewing' },
    { kind: 'refused', reason: 'Cannot cancel the change: it is under review' },
  ],
  ['one that has ended', { phase: 'ended' }, { kind: 'refused', reason: 'Cannot cancel the change: it has ended' }],
])('R-WIN-6: cancelling %s', (_name, over, expected) => {
  expect(cancelAnswer({ ...implementing, ...over })).toEqual(expected);
});
