import { migrate } from '../../../platform/store/migrate';
import { createStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { seatName } from '../../../workflows/domain/seats';
import type { StoreBed } from './dialects';

const hosts = ['h1', 'h2', 'h3', 'h4'];

function asking(runId: string, names: readonly string[], limit: number) {
  const seats = { hosts: names.map((name) => [seatName('web', name)]), limits: { web: limit } };
  return { runId, path: 'up/seats', names: seats.hosts.flat(), seats, at: 1 };
}

export function seatsSuite(bed: StoreBed): void {
  test('seats are granted from the first host on, as many as there is room for (R-ROLL-1, D13)', async () => {
    const { store } = await bed.newStore();

    const first = await store.locks.acquire(asking('r1', ['h1'], 3));
    const second = await store.locks.acquire(asking('r2', ['h2', 'h3', 'h4'], 3));
    const third = await store.locks.acquire(asking('r3', ['h4'], 3));

    expect([first.names, second.names, third.names]).toEqual([
      ['redundancy/web/h1'],
      ['redundancy/web/h2', 'redundancy/web/h3'],
      [],
    ]);
    expect(third).toMatchObject({ token: null, heldBy: ['r1', 'r2'] });
    expect(Number(second.token)).toBeGreaterThan(Number(first.token));
  });

  test('a host that two runs want has one of them at a time, also where there is room (R-ROLL-1)', async () => {
    const { store } = await bed.newStore();
    await store.locks.acquire(asking('r1', ['h1'], 3));

    expect(await store.locks.acquire(asking('r2', ['h1', 'h2'], 3))).toMatchObject({ token: null, heldBy: ['r1'] });
  });

  test('the smallest limit of those who are out and those who ask counts (R-ROLL-1)', async () => {
    const { store } = await bed.newStore();
    await store.locks.acquire(asking('r1', ['h1'], 1));

    expect(await store.locks.acquire(asking('r2', ['h2'], 3))).toMatchObject({ token: null, heldBy: ['r1'] });
  });

  test('a seat that was left counts until a person frees it; its own run has it back with the same token (D13)', async () => {
    const { store } = await bed.newStore();
    const mine = asking('r1', ['h1'], 1);
    const { token } = await store.locks.acquire(mine);
    await store.locks.orphan({ runId: 'r1', names: mine.names, at: 2 });

    const other = await store.locks.acquire(asking('r2', ['h2'], 1));
    const back = await store.locks.acquire(mine);
    await store.locks.orphan({ runId: 'r1', names: mine.names, at: 3 });
    const freed = await store.locks.free({
      name: 'redundancy/web/h1',
      by: 'user/anna',
      reason: 'looked at it',
      via: 'cli',
      at: 4,
    });

    expect([other.token, back.token, freed]).toEqual([null, token, 'freed']);
    expect(await store.locks.due()).toEqual(['r2']);
  });

  test('whoever asked before has one seat set aside, and asking again keeps its place (D13)', async () => {
    const { store } = await bed.newStore();
    await store.locks.acquire(asking('r1', ['h1'], 1));
    await store.locks.acquire(asking('r2', ['h2', 'h3'], 1));
    await store.locks.acquire(asking('r3', ['h4'], 1));
    await store.locks.release({ runId: 'r1', path: 'up/seats', names: ['redundancy/web/h1'], at: 2, by: 'engine' });

    const late = await store.locks.acquire(asking('r3', ['h4'], 1));
    const early = await store.locks.acquire(asking('r2', ['h2', 'h3'], 1));

    expect([late.heldBy, early.names]).toEqual([['r2'], ['redundancy/web/h2']]);
    expect((await store.journal.read('locks')).map(({ kind }) => kind)).toEqual([
      'lock.granted',
      'lock.requested',
      'lock.requested',
      'lock.released',
      'lock.granted',
    ]);
  });

  test('two stores on one database at once: never more are out than may be (R-ROLL-1, D13)', async () => {
    const place = await bed.newPlace();
    const { store: first } = await opened(bed, place);
    const { store: second } = await opened(bed, place);
    const out = new Set<string>();
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, (_, run) =>
        rollOut([first, second][run % 2] ?? first, `r${run}`, {
          goesOut(name) {
            if (out.has(name)) throw new Error(`Cannot take "${name}" out: it is out already`);
            out.add(name);
            most = Math.max(most, out.size);
          },
          comesBack: (name) => void out.delete(name),
        }),
      ),
    );

    expect([most, out.size]).toEqual([2, 0]);
    expect(await first.locks.list()).toEqual([]);
  }, 30_000);
}

async function opened(bed: StoreBed, place: Parameters<StoreBed['open']>[0]): Promise<{ readonly store: Store }> {
  const database = bed.open(place);
  await migrate(database);
  return { store: createStore(database) };
}

interface Hosts {
  goesOut(name: string): void;
  comesBack(name: string): void;
}

/** All hosts, at most two at once; whoever has to wait asks again and again. */
async function rollOut({ locks }: Store, runId: string, world: Hosts): Promise<void> {
  for (let rest: readonly string[] = hosts; rest.length > 0;) {
    const { names } = await locks.acquire(asking(runId, rest.slice(0, 3), 2));
    const taken = names.map((name) => name.slice(name.lastIndexOf('/') + 1));
    for (const name of taken) world.goesOut(name);
    await new Promise((resolve) => setImmediate(resolve));
    for (const name of taken) world.comesBack(name);
    if (names.length > 0) await locks.release({ runId, path: 'up/seats', names, at: 2, by: 'engine' });
    rest = rest.slice(taken.length);
  }
}
