import fc from 'fast-check';

import { conflictReport, conflictVerdict } from '../../../workflows/domain/conflict';
import { severityOf } from '../../../workflows/domain/conflict-kind';
import { dependencyGraph } from '../../../workflows/domain/dependency-graph';
import { overlaps } from '../../../workflows/domain/intervals';
import { conflictInterval } from '../../../workflows/domain/planned-change';
import type { DefaultClosedCalendar, DefaultOpenCalendar, ResolvedCalendar } from '../../../workflows/domain/calendar';
import type { Conflict, ConflictKind, ConflictSeverity } from '../../../workflows/domain/conflict-kind';
import type { ConflictWorld, PlannedChange } from '../../../workflows/domain/planned-change';

const horizon = { startMs: 0, endMs: 1000 };
const graph = dependencyGraph([
  { parent: 'shop', child: 'database' },
  { parent: 'database', child: 'host' },
]);

function change(id: string, over: Partial<PlannedChange> = {}): PlannedChange {
  return {
    id,
    type: 'normal',
    owner: `owner of ${id}`,
    assignees: [],
    items: ['database'],
    startMs: 100,
    windowEndMs: 200,
    preparationMs: 0,
    ...over,
  };
}

function world(over: Partial<ConflictWorld> = {}): ConflictWorld {
  return { others: [], graph, depth: 1, calendars: new Map(), searchUntilMs: 1000, ...over };
}

function freeze(startMs: number, endMs: number): DefaultOpenCalendar {
  const closures = [{ id: 'f', title: 'Freeze', force: 'soft' as const, startMs, endMs }];
  return { type: 'DEFAULT_OPEN', name: 'freezes', version: '3', horizon, closures };
}

function maintenance(startMs: number, endMs: number): DefaultClosedCalendar {
  return { type: 'DEFAULT_CLOSED', name: 'maintenance', version: '7', horizon, openings: [{ startMs, endMs }] };
}

function calendarOf(item: string, calendar: ResolvedCalendar): Partial<ConflictWorld> {
  return { calendars: new Map([[item, [calendar]]]) };
}

const tenKinds: readonly [ConflictKind, ConflictSeverity, string, Partial<ConflictWorld>][] = [
  ['item-scheduled', 'blocks', 'blocked', { others: [change('b')] }],
  ['item-outside-window', 'blocks', 'blocked', calendarOf('database', maintenance(120, 300))],
  ['item-blackout', 'holds', 'held', calendarOf('database', freeze(150, 160))],
  ['parent-scheduled', 'warns', 'warned', { others: [change('b', { items: ['shop'] })] }],
  ['parent-outside-window', 'blocks', 'blocked', calendarOf('shop', maintenance(120, 300))],
  ['parent-blackout', 'holds', 'held', calendarOf('shop', freeze(150, 160))],
  ['child-scheduled', 'blocks', 'blocked', { others: [change('b', { items: ['host'] })] }],
  ['child-outside-window', 'blocks', 'blocked', calendarOf('host', maintenance(120, 300))],
  ['child-blackout', 'holds', 'held', calendarOf('host', freeze(150, 160))],
  ['assignee-scheduled', 'warns', 'warned', { others: [change('b', { items: ['mail'], assignees: ['anna'] })] }],
];

test.each(tenKinds)('R-CONF-1: a conflict of kind %s %s', (kind, severity, verdict, over) => {
  const report = conflictReport(change('a', { assignees: ['anna'] }), world(over));

  expect(report.conflicts.map((conflict) => [conflict.kind, conflict.severity])).toEqual([[kind, severity]]);
  expect(conflictVerdict(report)).toBe(verdict);
});

test('R-CONF-1: there are ten kinds, and each is in the table above', () => {
  expect(Object.keys(severityOf).toSorted()).toEqual(tenKinds.map(([kind]) => kind).toSorted());
});

test.each<[string, Partial<PlannedChange>, Partial<PlannedChange>, boolean]>([
  ['one that ends when the other starts', {}, { startMs: 200, windowEndMs: 300 }, false],
  ['one millisecond of both', {}, { startMs: 199, windowEndMs: 300 }, true],
  ['the preparation of the other', {}, { startMs: 210, windowEndMs: 300, preparationMs: 11 }, true],
  ['a preparation that begins at the end', {}, { startMs: 210, windowEndMs: 300, preparationMs: 10 }, false],
  ['its own preparation', { preparationMs: 11 }, { startMs: 0, windowEndMs: 90 }, true],
  ['its own preparation, just free', { preparationMs: 10 }, { startMs: 0, windowEndMs: 90 }, false],
])('R-CONF-2: the overlap on [start − preparation, window end) is half-open: %s', (_name, own, other, meets) => {
  const { conflicts } = conflictReport(change('a', own), world({ others: [change('b', other)] }));

  expect(conflicts.length > 0).toBe(meets);
});

test('R-CONF-2: each item is a row of its own, with the other change, its owner and the next free slot', () => {
  const one = change('a', { items: ['database', 'mail', 'web'] });
  const others = [
    change('b', { items: ['mail', 'database', 'mail'], startMs: 150, windowEndMs: 250 }),
    change('c', { items: ['mail'], startMs: 250, windowEndMs: 280 }),
  ];

  const report = conflictReport(one, world({ others }));

  const row = {
    kind: 'item-scheduled',
    severity: 'blocks',
    change: 'b',
    owner: 'owner of b',
    during: { startMs: 150, endMs: 200 },
  };
  expect(report).toEqual({
    conflicts: [
      { ...row, item: 'mail', through: 'mail', nextFree: { startMs: 280, endMs: 380 } },
      { ...row, item: 'database', through: 'database', nextFree: { startMs: 250, endMs: 350 } },
    ],
    unresolved: [],
    nextFree: { startMs: 280, endMs: 380 },
  });
});

test('an item that both work on is met directly, and not as a relative of another one as well', () => {
  const both = ['database', 'host'];

  const { conflicts } = conflictReport(change('a', { items: both }), world({ others: [change('b', { items: both })] }));

  expect(conflicts.map(({ kind }) => kind)).toEqual(['item-scheduled', 'item-scheduled']);
});

test('R-CONF-1: relatives beyond the depth are not met', () => {
  const others = [change('b', { items: ['host'] })];
  const one = change('a', { items: ['shop'] });

  expect(conflictReport(one, world({ others, depth: 1 })).conflicts).toEqual([]);
  expect(conflictReport(one, world({ others, depth: 2 })).conflicts.map(({ kind }) => kind)).toEqual([
    'child-scheduled',
  ]);
});

test('R-CONF-3: a change that is rescheduled does not meet itself', () => {
  expect(conflictReport(change('a'), world({ others: [change('a', { startMs: 150 })] })).conflicts).toEqual([]);
});

test('R-FREEZE-4: calendars are asked about the execution with its back-out, not about its preparation', () => {
  const prepared = change('a', { preparationMs: 50 });

  expect(conflictReport(prepared, world(calendarOf('database', freeze(60, 100)))).conflicts).toEqual([]);
  expect(conflictReport(prepared, world(calendarOf('database', freeze(199, 300)))).conflicts).toHaveLength(1);
});

test('R-FREEZE-3: an emergency skips the calendars, not the other changes', () => {
  const over = { ...calendarOf('database', freeze(150, 160)), others: [change('b')] };

  const { conflicts, nextFree } = conflictReport(change('a', { type: 'emergency' }), world(over));

  expect(conflicts.map(({ kind }) => kind)).toEqual(['item-scheduled']);
  expect(nextFree).toEqual({ startMs: 200, endMs: 300 });
});

test('a calendar that does not reach far enough is neither a conflict nor a clearance', () => {
  const late = change('a', { startMs: 950, windowEndMs: 1050 });

  const report = conflictReport(late, world({ ...calendarOf('database', freeze(0, 10)), searchUntilMs: 5000 }));

  const part = { calendar: 'freezes', version: '3', during: { startMs: 1000, endMs: 1050 } };
  expect(report).toEqual({
    conflicts: [],
    unresolved: [{ item: 'database', through: 'database', part }],
    nextFree: null,
  });
  expect(conflictVerdict(report)).toBe('unresolved');
});

test('a change that meets nothing is clear, and free where it is', () => {
  const report = conflictReport(change('a'), world());

  expect([conflictVerdict(report), report.nextFree]).toEqual(['clear', { startMs: 100, endMs: 200 }]);
});

const span = fc
  .tuple(fc.integer({ min: 20, max: 60 }), fc.integer({ min: 1, max: 15 }))
  .map(([startMs, lengthMs]) => ({ startMs, windowEndMs: startMs + lengthMs }));
const item = fc.constantFrom('shop', 'database', 'host', 'mail');
const someChange = fc
  .tuple(
    span,
    fc.uniqueArray(item, { maxLength: 3 }),
    fc.uniqueArray(fc.constantFrom('anna', 'ben'), { maxLength: 2 }),
    fc.nat(8),
  )
  .map(([times, items, assignees, preparationMs]) => ({ ...times, items, assignees, preparationMs }));
const someGraph = fc.array(fc.record({ parent: item, child: item }), { maxLength: 5 }).map(dependencyGraph);

test('R-CONF-1, R-CONF-2: a conflict is symmetric, and what is a parent to one is a child to the other', () => {
  fc.assert(
    fc.property(someChange, someChange, someGraph, fc.nat(3), (left, right, dependencies, depth) => {
      const [a, b] = [change('a', left), change('b', right)];
      const fromA = conflictReport(a, world({ others: [b], graph: dependencies, depth })).conflicts;
      const fromB = conflictReport(b, world({ others: [a], graph: dependencies, depth })).conflicts;

      expect(fromA.length > 0).toBe(fromB.length > 0);
      expect(personsIn(fromA)).toEqual(personsIn(fromB));
      expect(directIn(fromA)).toEqual(directIn(fromB));
      if (fromA.length > 0) expect(overlaps(conflictInterval(a), conflictInterval(b))).toBe(true);
      expect(fromA.map(({ during }) => during)).toEqual(fromA.map(() => fromB[0]?.during));
    }),
  );
});

function personsIn(conflicts: readonly Conflict[]): readonly string[] {
  return conflicts.flatMap((row) => (row.kind === 'assignee-scheduled' ? [row.person] : [])).toSorted();
}

function directIn(conflicts: readonly Conflict[]): readonly string[] {
  return conflicts.flatMap((row) => (row.kind === 'item-scheduled' ? [row.item] : [])).toSorted();
}

const closed = fc
  .tuple(fc.integer({ min: 20, max: 90 }), fc.integer({ min: 0, max: 10 }))
  .map(([startMs, lengthMs]) => freeze(startMs, startMs + lengthMs));
const open = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 90 }))
  .map(([startMs, lengthMs]) => maintenance(startMs, startMs + lengthMs));
const someCalendars = fc
  .array(fc.tuple(item, fc.oneof(closed, open)), { maxLength: 3 })
  .map((pairs): ConflictWorld['calendars'] => new Map(pairs.map(([name, calendar]) => [name, [calendar]])));

const crowdedWorld = fc
  .record({ rest: fc.array(someChange, { maxLength: 5 }), graph: someGraph, calendars: someCalendars })
  .map(({ rest, ...known }) =>
    world({ ...known, others: rest.map((other, at) => change(`other ${at}`, other)), searchUntilMs: 120 }),
  );

test('R-CONF-1: the next free slot meets nothing, and no earlier one does so', () => {
  fc.assert(
    fc.property(someChange, crowdedWorld, (own, crowded) => {
      const one = change('a', own);
      const lengthMs = one.windowEndMs - one.startMs;
      const isClear = (startMs: number): boolean =>
        conflictVerdict(conflictReport({ ...one, startMs, windowEndMs: startMs + lengthMs }, crowded)) === 'clear';
      const starts = Array.from({ length: 121 - lengthMs - one.startMs }, (_, at) => one.startMs + at);
      const earliestMs = starts.find(isClear);

      expect(conflictReport(one, crowded).nextFree).toEqual(
        earliestMs === undefined ? null : { startMs: earliestMs, endMs: earliestMs + lengthMs },
      );
    }),
    { numRuns: 60 },
  );
});
