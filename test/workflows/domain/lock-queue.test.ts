import fc from 'fast-check';

import { decideLocks, dueWaits } from '../../../workflows/domain/lock-queue';
import type { LockOwner, LockTable, LockWait } from '../../../workflows/domain/lock-queue';

function wait(runId: string, names: readonly string[], since: number, anyOf = false): LockWait {
  return { runId, path: 'p', names, anyOf, since };
}

function tableOf(holds: { readonly [name: string]: string }, waits: readonly LockWait[]): LockTable {
  const owners = Object.entries(holds).map(([name, runId]): [string, LockOwner] => [name, { runId, path: 'held' }]);
  return { holds: new Map(owners), waits, familyOf: (runId) => runId };
}

test('nobody stands behind one that waits for him, also through others (D13)', () => {
  const waits = [wait('a', ['b', 'c'], 1), wait('b', ['a', 'd'], 2), wait('h1', ['b'], 3)];
  const table = tableOf({ a: 'h1', c: 'h2' }, waits);

  const stranger = decideLocks(wait('new', ['b'], 9), table);
  // h2 holds what `a` waits for; h1 stands behind `a`, and `b` waits for h1.
  const holder = decideLocks(wait('h2', ['d'], 9), table);

  expect(stranger).toEqual({ granted: null, heldBy: ['a', 'h1'] });
  expect(holder).toEqual({ granted: ['d'] });
});

test('each that waits for one of several has one set aside, no more (D13)', () => {
  const places = ['p/1', 'p/2', 'p/3'];
  const waits = [wait('a', places, 1, true), wait('b', places, 2, true)];

  expect(decideLocks(wait('c', places, 9, true), tableOf({}, waits))).toEqual({ granted: ['p/3'] });
  expect(decideLocks(wait('c', places, 9, true), tableOf({ 'p/3': 'h' }, waits))).toEqual({
    granted: null,
    heldBy: ['a', 'b', 'h'],
  });
});

const seat = { hosts: [['redundancy/web/h1']], limits: { web: 1 } };
const asksForSeat = { ...wait('b', ['redundancy/web/h1'], 9), path: 'roll/seats', seats: seat };

test.each<[string, string, boolean]>([
  ['around the rollout that asks', 'roll', true],
  ['by the whole run', 'run', true],
  ['by another branch of it, which may go on', 'other', false],
])(
  'two that wait for each other, by a seat and by a lock held %s: the one that asks for the seat is told (D13)',
  (_, lockPath, isStuck) => {
    const waits = [{ ...wait('a', ['service/shop'], 1), path: 'up/drain/group:1' }];
    const holds = new Map([
      ['redundancy/web/h2', { runId: 'a', path: 'up/seats', seatLimit: 1 }],
      ['service/shop', { runId: 'b', path: lockPath }],
    ]);

    const decision = decideLocks(asksForSeat, { holds, waits, familyOf: (runId) => runId });

    expect(decision).toEqual({ granted: null, heldBy: ['a'], ...(isStuck ? { isStuck } : {}) });
  },
);

test('whoever sits and works will be through: one that asks for its seat waits (D13)', () => {
  const holds = new Map([['redundancy/web/h2', { runId: 'a', path: 'up/seats', seatLimit: 1 }]]);

  expect(decideLocks(asksForSeat, { holds, waits: [], familyOf: (runId) => runId })).toEqual({
    granted: null,
    heldBy: ['a'],
  });
});

/** What a run takes, one after the other, in the order of the names, and holds until it is through. */
interface Taking {
  readonly runId: string;
  readonly steps: readonly (readonly string[])[];
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const takings = fc
  .array(fc.array(fc.array(fc.nat(names.length - 1), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
    minLength: 2,
    maxLength: 6,
  })
  .map((runs) => runs.map((steps, index): Taking => ({ runId: `r${index}`, steps: ordered(steps) })));

/** R: a later step only takes what sorts after all that is held (LOCK_ORDER). */
function ordered(steps: readonly (readonly number[])[]): readonly (readonly string[])[] {
  let last = -1;
  const taken: string[][] = [];
  for (const step of steps) {
    const later = [...new Set(step)].filter((index) => index > last).sort((left, right) => left - right);
    if (later.length === 0) continue;
    last = later.at(-1) ?? last;
    taken.push(later.map((index) => names[index] ?? ''));
  }
  return taken;
}

test('whatever runs take while they hold something, all of them get through (D13)', () => {
  fc.assert(
    fc.property(takings, fc.infiniteStream(fc.nat(100)), (runs, choices) => {
      const left = new Map(runs.map(({ runId, steps }) => [runId, [...steps]]));
      const holds = new Map<string, LockOwner>();
      let waits: readonly LockWait[] = [];
      let clock = 0;
      const table = (): LockTable => ({ holds, waits, familyOf: (runId) => runId });
      const canMove = (runId: string): boolean =>
        !waits.some((each) => each.runId === runId) || dueWaits(table()).some((each) => each.runId === runId);
      for (let moving = runs; moving.length > 0; moving = runs.filter(({ runId }) => left.has(runId))) {
        const ready = moving.filter(({ runId }) => canMove(runId));
        expect(ready.length).toBeGreaterThan(0);
        const { runId } = ready[(choices.next().value ?? 0) % ready.length] ?? { runId: '' };
        const step = left.get(runId)?.[0];
        if (step === undefined) {
          for (const [name, owner] of holds) if (owner.runId === runId) holds.delete(name);
          left.delete(runId);
          continue;
        }
        clock += 1;
        const asker = waits.find((each) => each.runId === runId) ?? wait(runId, step, clock);
        const { granted } = decideLocks(asker, table());
        waits = waits.filter((each) => each !== asker);
        if (granted === null) waits = [...waits, asker];
        else {
          for (const name of granted) holds.set(name, { runId, path: `step${clock}` });
          left.get(runId)?.shift();
        }
      }
    }),
    { numRuns: 500 },
  );
});
