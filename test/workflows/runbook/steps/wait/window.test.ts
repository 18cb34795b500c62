import type { ResolvedCalendar } from '../../../../../workflows/domain/calendar';
import type { WaitStep } from '../../../../../workflows/runbook/plan';
import { common } from '../../plans';
import { play } from '../../play';

const hourMs = 3_600_000;
const start = Date.parse('2026-11-21T09:00:00Z');
const horizon = { startMs: start - 24 * hourMs, endMs: start + 30 * 24 * hourMs };

const wait: WaitStep = { ...common('nights', 'wait'), kind: 'wait', wait: { window: 'nights' } };

function nights(...openings: readonly (readonly [hours: number, until: number])[]): ResolvedCalendar {
  return {
    type: 'DEFAULT_CLOSED',
    name: 'nights',
    version: 'v1',
    horizon,
    openings: openings.map(([from, to]) => ({ startMs: start + from * hourMs, endMs: start + to * hourMs })),
  };
}

const script = { start: new Date(start).toISOString() };

test('a wait for a window ends when the calendar opens, and the journal says which version opened it (R-FREEZE-1, R-TIME-6)', async () => {
  const played = await play([wait], { script, calendars: [nights([-3, -1], [13, 17])] });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.endedAt - start).toBe(13 * hourMs);
  expect(played.journal.find(({ kind }) => kind === 'wait.ended')?.payload).toEqual({
    path: 'nights',
    reason: 'over',
    consulted: { calendar: 'nights', version: 'v1' },
  });
});

test('an open window is not waited for', async () => {
  const played = await play([wait], { script, calendars: [nights([-1, 1])] });

  expect(played.endedAt).toBe(start);
});

test.each([
  ['that nobody published', []],
  ['that never opens', [nights()]],
])('a wait for a calendar %s fails the step instead of going on', async (_what, calendars) => {
  const played = await play([wait], { script, calendars });

  expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'CALENDAR_NOT_PUBLISHED' } });
});

test('a wait for a window goes on where it was after the run was suspended', async () => {
  const played = await play([wait], {
    script,
    calendars: [nights([30, 31])],
    suspendAt: (checkpoint) => checkpoint === 0,
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.endedAt - start).toBe(30 * hourMs);
});
