import { standingOf } from '../../../../../client/console/pages/changes/approval-model';

describe('standingOf()', () => {
  it.each([
    [null, 'open'],
    [{ choice: 'approve' }, 'approved'],
    [{ choice: 'reject' }, 'rejected'],
    [{ choice: '' }, 'withdrawn'],
  ])('of %j is %s', (closed, standing) => {
    expect(standingOf({ closed })).toBe(standing);
  });
});
