import { conflictLines, conflictText } from '../../../../../client/console/pages/changes/conflict-lines';
import { severityOf } from '../../../../../workflows/domain/conflict-kind';
import type { Conflict } from '../../../../../workflows/domain/conflict-kind';

const during = { startMs: 1, endMs: 2 };
const nextFree = { startMs: 5, endMs: 9 };

describe('conflictLines()', () => {
  it('tells of each conflict whose it is and when it would go', () => {
    const conflicts: readonly Conflict[] = [
      {
        kind: 'child-scheduled',
        severity: 'blocks',
        item: 'service/shop',
        through: 'host/db1',
        change: 'c7',
        owner: 'user/bob',
        during,
        nextFree,
      },
      {
        kind: 'assignee-scheduled',
        severity: 'warns',
        person: 'user/anna',
        change: 'c8',
        owner: 'user/bob',
        during,
        nextFree: null,
      },
    ];

    expect(conflictLines(conflicts)).toEqual([
      {
        kind: 'child-scheduled',
        severity: 'blocks',
        what: ['service/shop'],
        through: 'host/db1',
        change: 'c7',
        owner: 'user/bob',
        calendar: null,
        during,
        nextFree,
      },
      {
        kind: 'assignee-scheduled',
        severity: 'warns',
        what: ['user/anna'],
        through: null,
        change: 'c8',
        owner: 'user/bob',
        calendar: null,
        during,
        nextFree: null,
      },
    ]);
  });

  it('tells items that meet the same in one line', () => {
    const met = {
      kind: 'item-scheduled',
      severity: 'blocks',
      change: 'c7',
      owner: 'user/bob',
      during,
      nextFree,
    } as const;
    const conflicts: readonly Conflict[] = ['host/web1', 'host/web2'].map((item) => ({ ...met, item, through: item }));

    expect(conflictLines(conflicts).map(({ what, change }) => [what, change])).toEqual([
      [['host/web1', 'host/web2'], 'c7'],
    ]);
  });

  it('names the calendar that is closed', () => {
    const closing = { calendar: 'freezes', version: '1.0.0', during, reason: 'outside-openings' } as const;
    const conflict: Conflict = {
      kind: 'item-outside-window',
      severity: 'blocks',
      item: 'service/shop',
      through: 'service/shop',
      closing,
      during,
      nextFree,
    };

    expect(conflictLines([conflict])[0]).toMatchObject({ calendar: 'freezes', through: null, change: null });
  });

  it.each([[null], ['none'], [{}], [[1, 'x', null]]])('of %j has no lines', (conflicts) => {
    expect(conflictLines(conflicts)).toEqual([]);
  });
});

describe('conflictText()', () => {
  it.each(Object.keys(severityOf))('has words for %s', (kind) => {
    expect(conflictText(kind)).not.toBe(kind);
  });
});
