import { exceptionsOf, reviewBody } from '../../../../../client/console/pages/changes/review-model';

const closed = { choice: 'failed', by: [], reason: '', comment: '', at: 1 };

describe('exceptionsOf()', () => {
  it('names what the open question of the review names', () => {
    const tasks = [
      { closed: null, show: { exceptions: ['host/web1: removed', 7] } },
      { closed, show: { exceptions: ['an older one'] } },
      { closed: null, show: {} },
    ];

    expect(exceptionsOf(tasks)).toEqual(['host/web1: removed']);
  });
});

describe('reviewBody()', () => {
  it('leaves out tickets that were not given: the engine says which are missing', () => {
    const form = { outcome: 'failed' as const, text: 'Next time earlier', tickets: { one: 'OPS-7', two: ' ' } };

    expect(reviewBody(form)).toEqual({
      outcome: 'failed' as const,
      text: 'Next time earlier',
      tickets: { one: 'OPS-7' },
    });
  });
});
