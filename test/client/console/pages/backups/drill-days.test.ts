import type { DrillCalendar } from '../../../../../client/console/answers';
import { daysAhead, drillsByDay } from '../../../../../client/console/pages/backups/drill-days';

const at = (text: string): number => Date.parse(text);

const drill: DrillCalendar['past'][number] = {
  id: 'b1',
  plan: 'shop-db',
  service: 'shop',
  keeper: 'k1',
  kind: 'drill',
  requester: 'user/anna',
  work: {},
  state: 'closed',
  openedAt: at('2026-11-23T23:30Z'),
  endedAt: at('2026-11-23T23:40Z'),
  outcome: 'succeeded',
  reason: '',
  set: null,
  alarms: {},
  verdict: { verdict: 'PASS', at: '' },
  measured: null,
  scope: {},
};

const calendar: DrillCalendar = {
  past: [drill, { ...drill, id: 'b2', service: 'mail', openedAt: at('2026-11-24T08:00Z') }],
  planned: [{ plan: 'shop-db', service: 'shop', atMs: at('2026-11-24T04:00Z') }],
};

describe('drillsByDay()', () => {
  it('puts each drill on its day in that zone, by time', () => {
    const days = drillsByDay(calendar, { zone: 'Europe/Berlin', service: '' });

    const shown = [...days].map(([date, drills]) => [
      date,
      drills.map(({ operation, verdict }) => [operation, verdict]),
    ]);
    expect(shown).toEqual([
      [
        '2026-11-24',
        [
          ['b1', 'PASS'],
          [null, null],
          ['b2', 'PASS'],
        ],
      ],
    ]);
  });

  it('shows those of one service', () => {
    const days = drillsByDay(calendar, { zone: 'UTC', service: 'mail' });

    expect([...days.values()].flat().map(({ operation }) => operation)).toEqual(['b2']);
  });
});

describe('daysAhead()', () => {
  it.each([
    ['2026-11-30T00:00Z', 7],
    ['2026-11-01T00:00Z', 1],
    ['2030-01-01T00:00Z', 400],
  ])('until %s asks for %i days', (until, days) => {
    expect(daysAhead(at(until), at('2026-11-23T12:00Z'))).toBe(days);
  });
});
