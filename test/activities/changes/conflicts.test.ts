import { changeConflicts, freeItems } from '../../../activities/changes/conflicts';
import type { ResolvedCalendar } from '../../../workflows/domain/calendar';
import { evening, hour, plan, question, sources, useStore } from './bed';

const store = useStore();
const horizon = { startMs: evening - 100 * hour, endMs: evening + 10_000 * hour };

test('changeConflicts() lists each item with the other change, its owner and the next free time (R-CONF-2)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a', 'host/b'] });
  await plan(store(), 'c2', { number: 2, items: ['host/b', 'host/a', 'host/c'] });

  const answer = await changeConflicts(sources(store()), question('c2'));

  expect(answer).toMatchObject({ verdict: 'blocked', total: 2, heldBy: [] });
  expect(answer.lines).toEqual([
    'host/a: it is taken by CHG-1 "Change 1" of user/anna, 2026-11-24 22:00 UTC to 2026-11-25 00:00 UTC; free from 2026-11-25 00:00 UTC (blocks)',
    'host/b: it is taken by CHG-1 "Change 1" of user/anna, 2026-11-24 22:00 UTC to 2026-11-25 00:00 UTC; free from 2026-11-25 00:00 UTC (blocks)',
    'The change as a whole is free from 2026-11-25 00:00 UTC to 2026-11-25 02:00 UTC',
  ]);
});

test('changeConflicts() tells the one that came later, and not the one that was there before (R-CONF-1)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'] });
  await plan(store(), 'c2', { number: 2, items: ['host/a'] });

  const verdicts = [
    await changeConflicts(sources(store()), question('c1')),
    await changeConflicts(sources(store()), question('c2')),
  ];

  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['clear', 'blocked']);
});

test.each([
  ['a move to another time', { startMs: evening + hour, windowEndMs: evening + 3 * hour }],
  ['an added stretch', { startMs: evening + hour, windowEndMs: evening + 2 * hour, part: 'added' }],
] as const)(
  'changeConflicts() holds %s against everybody, also those who came later (R-CONF-3, R-WIN-3)',
  async (_what, asked) => {
    await plan(store(), 'c1', { number: 1, items: ['host/a'], endMs: evening + hour });
    await plan(store(), 'c2', { number: 2, items: ['host/a'], startMs: evening + hour });

    const answer = await changeConflicts(sources(store()), question('c1', asked));

    expect(answer.verdict).toBe('blocked');
  },
);

test('changeConflicts() warns of a parent, blocks at a child, and follows dependencies as deep as it is told (R-CONF-1)', async () => {
  const dependencies = [
    { parent: 'service/shop', child: 'service/db' },
    { parent: 'service/db', child: 'host/db1' },
  ];
  const around = sources(store(), { dependencies });
  await plan(store(), 'c1', { number: 1, items: ['service/db'] });
  await plan(store(), 'c2', { number: 2, items: ['host/db1'] });
  await plan(store(), 'c3', { number: 3, items: ['service/shop'] });

  const parent = await changeConflicts(around, question('c2'));
  const child = await changeConflicts(around, question('c3'));
  const shallow = await changeConflicts(around, question('c3', { depth: 0 }));

  expect(parent).toMatchObject({ verdict: 'warned', conflicts: [{ kind: 'parent-scheduled' }] });
  expect(parent.lines[0]).toContain('host/db1: service/db, which needs it, is taken by CHG-1');
  expect(child).toMatchObject({ verdict: 'blocked', conflicts: [{ kind: 'child-scheduled', item: 'service/shop' }] });
  expect(child.lines[0]).toContain('service/shop: service/db, which it needs, is taken by CHG-1');
  expect(shallow.verdict).toBe('clear');
});

test('changeConflicts() warns when somebody is wanted twice (R-CONF-1)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'], assignees: ['user/eve'] });
  await plan(store(), 'c2', { number: 2, items: ['host/b'], assignees: ['user/eve'] });

  const answer = await changeConflicts(sources(store()), question('c2', { assignees: ['user/eve'] }));

  expect(answer).toMatchObject({ verdict: 'warned', conflicts: [{ kind: 'assignee-scheduled', person: 'user/eve' }] });
  expect(answer.lines[0]).toContain('user/eve: takes part in CHG-1 "Change 1" of user/anna');
});

const freeze: ResolvedCalendar = {
  type: 'DEFAULT_OPEN',
  name: 'year-end',
  version: '1.0.0',
  horizon,
  closures: [{ id: 'f1', title: 'Year end', force: 'soft', startMs: evening + hour, endMs: evening + 50 * hour }],
};
const nights: ResolvedCalendar = {
  type: 'DEFAULT_CLOSED',
  name: 'nights',
  version: '1.0.0',
  horizon,
  openings: [{ startMs: evening + 24 * hour, endMs: evening + 30 * hour }],
};

test('changeConflicts() asks the calendars of the change for all of its items, those of the inventory for their own (R-CONF-1)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a', 'host/b'] });
  const itemCalendars = new Map([['host/b', ['nights']]]);
  const around = sources(store(), { calendars: [freeze, nights], itemCalendars });

  const closed = await changeConflicts(around, question('c1', { calendars: ['year-end'] }));
  const outside = await changeConflicts(around, question('c1'));

  expect(closed.conflicts.map((conflict) => [conflict.kind, 'item' in conflict ? conflict.item : ''])).toEqual([
    ['item-outside-window', 'host/b'],
    ['item-blackout', 'host/a'],
    ['item-blackout', 'host/b'],
  ]);
  expect(closed.lines[1]).toContain('host/a: it is closed by "Year end" of the calendar "year-end"');
  expect(outside).toMatchObject({ verdict: 'blocked', total: 1 });
  expect(outside.lines[0]).toContain('host/b: it is outside of its maintenance window "nights"');
});

test('changeConflicts() lets a change pass a freeze that its approvers let it pass, and an emergency all of them (R-FREEZE-2, R-FREEZE-3)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'] });
  const around = sources(store(), { calendars: [freeze] });
  const asked = question('c1', { calendars: ['year-end'] });

  const verdicts = [
    (await changeConflicts(around, asked)).verdict,
    (await changeConflicts(around, { ...asked, passed: ['f1'] })).verdict,
    (await changeConflicts(around, { ...asked, type: 'emergency' })).verdict,
  ];

  expect(verdicts).toEqual(['held', 'clear', 'clear']);
});

test('changeConflicts() does not take for clear what it could not look at', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'] });

  const missing = await changeConflicts(sources(store()), question('c1', { calendars: ['gone'] }));
  const unreadable = await changeConflicts(sources(store(), { unreadable: ['cloud'] }), question('c1'));

  expect(missing).toMatchObject({ verdict: 'unresolved', lines: [expect.stringContaining('"gone"')] });
  expect(unreadable).toMatchObject({ verdict: 'unresolved', lines: [expect.stringContaining('"cloud"')] });
});

test('changeConflicts() of two changes at the same minute: the first to hold the lock wins, the loser is told (R-CONF-3)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'] });
  await plan(store(), 'c2', { number: 2, items: ['host/a'] });

  // The later of the two is first: what was planned before does not matter any more.
  const winner = await changeConflicts(sources(store()), question('c2', { take: true }));
  const loser = await changeConflicts(sources(store()), question('c1', { take: true }));

  expect(winner).toMatchObject({ verdict: 'clear', heldBy: [] });
  expect(loser).toMatchObject({ verdict: 'blocked', heldBy: ['c2'] });
  expect(loser.lines[0]).toContain('host/a: it is taken by CHG-2 "Change 2" of user/anna');
  expect((await store().locks.list()).map(({ name, runId }) => [name, runId])).toEqual([['item/host/a', 'c2']]);
});

test('changeConflicts() at the start sees who works on a child, and then holds nothing itself (R-CONF-3, R-CONF-4)', async () => {
  const around = sources(store(), { dependencies: [{ parent: 'service/shop', child: 'host/a' }] });
  await plan(store(), 'c1', { number: 1, items: ['host/a'] });
  await plan(store(), 'c2', { number: 2, items: ['service/shop'] });
  await changeConflicts(around, question('c1', { take: true }));

  const answer = await changeConflicts(around, question('c2', { take: true }));

  expect(answer).toMatchObject({ verdict: 'blocked', heldBy: [], conflicts: [{ kind: 'child-scheduled' }] });
  expect((await store().locks.list()).map(({ runId }) => runId)).toEqual(['c1']);
});

test('changeConflicts() at the start is not stopped by who is only planned (R-CONF-3)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'] });
  await plan(store(), 'c2', { number: 2, items: ['host/a'] });

  expect(await changeConflicts(sources(store()), question('c2', { take: true }))).toMatchObject({
    verdict: 'clear',
    lines: [],
  });
});

test('changeConflicts() at the start is stopped by who still works after the end of its window (R-CONF-4)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a'], phase: 'implementing', endMs: evening - 1 });
  await changeConflicts(
    sources(store()),
    question('c1', { take: true, startMs: evening - hour, windowEndMs: evening - 1 }),
  );
  await plan(store(), 'c2', { number: 2, items: ['host/a'] });

  const answer = await changeConflicts(sources(store()), question('c2', { take: true }));

  expect(answer).toMatchObject({ verdict: 'blocked', heldBy: ['c1'] });
});

test('changeConflicts() asked twice by the same change at its start is answered twice the same (R-CONF-3)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a', 'service/shop'] });
  const asked = question('c1', { take: true });

  const answers = [await changeConflicts(sources(store()), asked), await changeConflicts(sources(store()), asked)];

  expect(answers[1]).toEqual(answers[0]);
});

test('freeItems() gives back the locks of the items and no other, once (R-CONF-4)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a', 'host/b'] });
  await changeConflicts(sources(store()), question('c1', { take: true }));
  await store().locks.acquire({ runId: 'r1', path: 'deploy', names: ['host/a'], at: 1 });

  const freed = [
    await freeItems(store(), { changeId: 'c1', at: 2 }),
    await freeItems(store(), { changeId: 'c1', at: 3 }),
  ];

  expect(freed).toEqual([
    { released: 2, due: [] },
    { released: 0, due: [] },
  ]);
  expect((await store().locks.list()).map(({ name }) => name)).toEqual(['host/a']);
});

test('freeItems() names the held changes that want one of the items, and nobody else (R-CONF-3)', async () => {
  await plan(store(), 'c1', { number: 1, items: ['host/a', 'host/b'] });
  await plan(store(), 'c2', { number: 2, items: ['host/b'], phase: 'held' });
  await plan(store(), 'c3', { number: 3, items: ['host/c'], phase: 'held' });
  await plan(store(), 'c4', { number: 4, items: ['host/a'] });
  await changeConflicts(sources(store()), question('c1', { take: true }));

  const freed = await freeItems(store(), { changeId: 'c1', at: 2 });

  expect(freed.due).toEqual(['c2']);
});

test('changeConflicts() takes and gives back the locks of thousands of items at once (R-CONF-3)', async () => {
  const items = Array.from({ length: 10_000 }, (_none, index) => `host/h${index}`);
  await plan(store(), 'c1', { number: 1, items });
  await plan(store(), 'c2', { number: 2, items });

  const answers = [
    await changeConflicts(sources(store()), question('c1', { take: true })),
    await changeConflicts(sources(store()), question('c2', { take: true })),
  ];
  const freed = await freeItems(store(), { changeId: 'c1', at: 2 });

  expect(answers).toMatchObject([
    { verdict: 'clear', total: 0 },
    { verdict: 'blocked', total: 10_000, heldBy: ['c1'] },
  ]);
  expect(answers[1]?.conflicts).toHaveLength(50);
  expect(freed).toMatchObject({ released: 10_000 });
}, 60_000);
