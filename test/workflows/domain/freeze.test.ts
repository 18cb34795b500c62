import fc from 'fast-check';

import { budgetCalendars } from '../../../workflows/domain/error-budget';
import { freezeCheck, freezeDuty } from '../../../workflows/domain/freeze';
import type { DefaultOpenCalendar, FreezeForce } from '../../../workflows/domain/calendar';
import type { BudgetedChange } from '../../../workflows/domain/error-budget';
import type { FreezePhase, FreezeRule } from '../../../workflows/domain/freeze';

const horizon = { startMs: 0, endMs: 1000 };

function frozen(startMs: number, endMs: number, force: FreezeForce = 'soft'): DefaultOpenCalendar {
  const closures = [{ id: 'year-end', title: 'Year end', force, startMs, endMs }];
  return { type: 'DEFAULT_OPEN', name: 'freezes', version: '3', horizon, closures };
}

function rule(calendar: DefaultOpenCalendar, over: Partial<FreezeRule> = {}): FreezeRule {
  return { type: 'normal', calendars: [calendar], passed: [], ...over };
}

const ahead = { startMs: 100, endMs: 150 };

test.each<[string, FreezePhase, FreezeRule, object]>([
  [
    'a change that has not started is held, until it fits',
    'not-started',
    rule(frozen(50, 200)),
    { kind: 'hold', fitsAtMs: 200 },
  ],
  ['a hard freeze holds it no less', 'not-started', rule(frozen(50, 200, 'hard')), { kind: 'hold', fitsAtMs: 200 }],
  ['a running wave goes on to its boundary', 'in-wave', rule(frozen(50, 200)), { kind: 'hold-at-boundary' }],
  [
    'at the boundary the run holds, and goes on when it lifts',
    'between-waves',
    rule(frozen(50, 200)),
    { kind: 'hold', fitsAtMs: 200 },
  ],
  ['a hard freeze pauses a running wave at once', 'in-wave', rule(frozen(50, 200, 'hard')), { kind: 'pause-and-ask' }],
  ['and between waves too', 'between-waves', rule(frozen(50, 200, 'hard')), { kind: 'pause-and-ask' }],
  [
    'a hard freeze to come lets the wave end first',
    'in-wave',
    rule(frozen(120, 200, 'hard')),
    { kind: 'hold-at-boundary' },
  ],
  ['a back-out is never frozen', 'backing-out', rule(frozen(50, 200, 'hard')), { kind: 'proceed' }],
  [
    'freeze approvers may let a change pass',
    'not-started',
    rule(frozen(50, 200), { passed: ['year-end'] }),
    { kind: 'proceed' },
  ],
  ['a freeze that has lifted is none', 'between-waves', rule(frozen(50, 100)), { kind: 'proceed' }],
  ['a freeze that begins after the end is none', 'between-waves', rule(frozen(150, 200)), { kind: 'proceed' }],
])('R-FREEZE-2: %s', (_name, phase, freezeRule, expected) => {
  expect(freezeDuty(freezeRule, phase, ahead)).toMatchObject(expected);
});

test('R-FREEZE-4: a freeze that only touches the back-out holds the change all the same', () => {
  const duty = freezeDuty(rule(frozen(149, 200)), 'not-started', ahead);

  expect(duty).toEqual({
    kind: 'hold',
    fitsAtMs: 200,
    because: {
      kind: 'closed',
      closings: [
        {
          calendar: 'freezes',
          version: '3',
          reason: 'closure',
          closure: { id: 'year-end', title: 'Year end', force: 'soft', startMs: 149, endMs: 200 },
          during: { startMs: 149, endMs: 150 },
        },
      ],
    },
  });
});

test('a calendar that does not reach far enough holds, since nobody knows when it is open', () => {
  const beyond = { startMs: 990, endMs: 1010 };

  expect(freezeDuty(rule(frozen(0, 10)), 'not-started', beyond)).toEqual({
    kind: 'hold',
    because: { kind: 'unresolved', fromMs: 1000 },
    fitsAtMs: null,
  });
  expect(freezeDuty(rule(frozen(0, 10)), 'in-wave', beyond).kind).toBe('hold-at-boundary');
});

test('the first instant that some calendar does not reach is named', () => {
  const shorter = { ...frozen(0, 10), horizon: { startMs: 0, endMs: 980 } };
  const duty = freezeDuty({ type: 'normal', calendars: [frozen(0, 10), shorter], passed: [] }, 'in-wave', {
    startMs: 970,
    endMs: 1010,
  });

  expect(duty).toEqual({ kind: 'hold-at-boundary', because: { kind: 'unresolved', fromMs: 980 } });
});

test.each([
  ['long enough', 250, 200],
  ['a millisecond too short', 249, 300],
])('R-FREEZE-4: a gap between two freezes that is %s', (_name, secondStartMs, fitsAtMs) => {
  const first = frozen(50, 200);
  const second = { ...frozen(secondStartMs, 300), name: 'more freezes' };

  const duty = freezeDuty({ type: 'normal', calendars: [first, second], passed: [] }, 'between-waves', ahead);

  expect(duty).toMatchObject({ kind: 'hold', fitsAtMs });
});

test('R-FREEZE-3: an emergency skips the calendars, and nothing else does', () => {
  const hard = frozen(50, 200, 'hard');
  const kinds = (['standard', 'normal', 'emergency'] as const).map(
    (type) => freezeCheck(rule(hard, { type }), ahead).kind,
  );

  expect(kinds).toEqual(['closed', 'closed', 'skipped']);
  expect(freezeDuty(rule(hard, { type: 'emergency' }), 'in-wave', ahead)).toEqual({ kind: 'proceed' });
});

test('R-FREEZE-2: only a hard freeze in force ever interrupts a wave, and a hold ends at an instant that is open', () => {
  const force = fc.constantFrom<FreezeForce>('soft', 'hard');
  const phase = fc.constantFrom<FreezePhase>('not-started', 'in-wave', 'between-waves', 'backing-out');
  fc.assert(
    fc.property(fc.nat(300), fc.nat(300), force, phase, (startMs, lengthMs, hardness, where) => {
      const freeze = rule(frozen(startMs, startMs + lengthMs, hardness));
      const inForce = lengthMs > 0 && startMs <= ahead.startMs && ahead.startMs < startMs + lengthMs;

      const duty = freezeDuty(freeze, where, ahead);

      if (duty.kind === 'pause-and-ask') expect([hardness, inForce]).toEqual(['hard', true]);
      if (duty.kind !== 'hold' || duty.fitsAtMs === null) return;
      const moved = { startMs: duty.fitsAtMs, endMs: duty.fitsAtMs + ahead.endMs - ahead.startMs };
      expect(freezeDuty(freeze, where, moved)).toEqual({ kind: 'proceed' });
    }),
  );
});

const normal: BudgetedChange = { type: 'normal', reliabilityFix: false, services: ['shop'] };

test.each<[string, Partial<BudgetedChange>, string, number | null, string]>([
  ['an exhausted budget freezes a normal change', {}, 'shop', 0, 'hold'],
  ['an overspent one too', {}, 'shop', -0.2, 'hold'],
  ['what is left of it does not', {}, 'shop', 0.001, 'proceed'],
  ['the budget of another service does not', {}, 'mail', 0, 'proceed'],
  ['one that could not be measured is not taken for a full one', {}, 'shop', null, 'hold'],
  ['a reliability fix is exempt', { reliabilityFix: true }, 'shop', 0, 'proceed'],
  ['a standard change is not a normal one', { type: 'standard' }, 'shop', 0, 'proceed'],
  ['an emergency is exempt', { type: 'emergency' }, 'shop', 0, 'proceed'],
])('R-FREEZE-5: %s', (_name, over, service, remaining, expected) => {
  const change = { ...normal, ...over };
  const calendars = budgetCalendars(change, [{ service, remaining, measurement: 'm1' }], ahead);

  const duty = freezeDuty({ type: change.type, calendars, passed: [] }, 'not-started', ahead);

  expect(duty.kind).toBe(expected);
});

test.each([
  ['an exhausted budget closes', 0, 'closed'],
  ['one that could not be measured leaves it unresolved', null, 'beyond-horizon'],
])('R-FREEZE-5: %s', (_name, remaining, expected) => {
  const calendars = budgetCalendars(normal, [{ service: 'shop', remaining, measurement: 'm1' }], ahead);

  expect(freezeCheck({ type: 'normal', calendars, passed: [] }, ahead).kind).toBe(expected);
});

test('R-FREEZE-5: a running change that exhausts its budget goes on to its wave boundary', () => {
  const calendars = budgetCalendars(normal, [{ service: 'shop', remaining: 0, measurement: 'm1' }], ahead);

  expect(freezeDuty({ type: 'normal', calendars, passed: [] }, 'in-wave', ahead).kind).toBe('hold-at-boundary');
});
