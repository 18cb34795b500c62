import fc from 'fast-check';
import { entry, runCreated } from './entries';
import { seatsSuite } from './seats.suite';
import type { StoreBed } from './dialects';

export function locksSuite(bed: StoreBed): void {
  seatsSuite(bed);
  test('acquire() is all or nothing, and says who is in the way (D13)', async () => {
    const { store } = await bed.newStore();
    const first = await store.locks.acquire({ runId: 'r1', path: 'a', names: ['b', 'a'], at: 1 });

    const second = await store.locks.acquire({ runId: 'r2', path: 'a', names: ['b', 'c'], at: 2 });

    expect(first).toEqual({ token: 1, names: ['a', 'b'], heldBy: [] });
    expect(second).toEqual({ token: null, names: [], heldBy: ['r1'] });
    expect(await store.locks.list()).toEqual([
      { name: 'a', runId: 'r1', path: 'a', token: 1, state: 'held', at: 1 },
      { name: 'b', runId: 'r1', path: 'a', token: 1, state: 'held', at: 1 },
    ]);
  });

  test('acquire() again by the same run and path answers the same token', async () => {
    const { store } = await bed.newStore();
    const request = { runId: 'r1', path: 'a', names: ['x', 'y'], at: 1 };

    const first = await store.locks.acquire(request);
    const again = await store.locks.acquire({ ...request, names: ['y'], at: 9 });

    expect(again).toEqual({ ...first, names: ['y'] });
    expect(await store.journal.read('locks')).toHaveLength(1);
  });

  test('a token is higher than every one before it, also after a release (D3)', async () => {
    const { store } = await bed.newStore();
    const tokens: (number | null)[] = [];
    for (const runId of ['r1', 'r2', 'r3']) {
      tokens.push((await store.locks.acquire({ runId, path: 'a', names: ['x'], at: 1 })).token);
      expect(await store.locks.release({ runId, path: 'a', names: ['x'], at: 2, by: 'engine' })).toBe(1);
    }

    expect(tokens).toEqual(tokens.toSorted((left, right) => Number(left) - Number(right)));
    expect(new Set(tokens).size).toBe(3);
  });

  test('release() frees only what the run holds at that path, and a second time nothing', async () => {
    const { store } = await bed.newStore();
    await store.locks.acquire({ runId: 'r1', path: 'a', names: ['x'], at: 1 });
    await store.locks.acquire({ runId: 'r2', path: 'a', names: ['y'], at: 1 });
    const release = { runId: 'r1', path: 'a', names: ['x', 'y', 'z'], at: 2, by: 'user/anna' };

    expect(await store.locks.release({ ...release, path: 'b' })).toBe(0);
    expect(await store.locks.release(release)).toBe(1);
    expect(await store.locks.release(release)).toBe(0);
    expect((await store.locks.list()).map(({ name }) => name)).toEqual(['y']);
  });

  test('an orphaned lock is still in the way; its owner takes it back with the same token (D13)', async () => {
    const { store } = await bed.newStore();
    const mine = { runId: 'r1', path: 'a', names: ['x'], at: 1 };
    const { token } = await store.locks.acquire(mine);
    await store.journal.append('locks', [entry('lock.orphaned', { runId: 'r1', names: ['x'] })]);

    expect(await store.locks.acquire({ runId: 'r2', path: 'a', names: ['x'], at: 2 })).toEqual({
      token: null,
      names: [],
      heldBy: ['r1'],
    });
    expect(await store.locks.list()).toMatchObject([{ state: 'orphaned' }]);
    expect(await store.locks.acquire(mine)).toEqual({ token, names: ['x'], heldBy: [] });
    expect(await store.locks.list()).toMatchObject([{ state: 'held' }]);
  });

  test('orphan() marks what a dead run holds, once; free() frees only that, in the name of a person (D13)', async () => {
    const { store } = await bed.newStore();
    await store.locks.acquire({ runId: 'r1', path: 'a', names: ['x', 'y'], at: 1 });
    await store.locks.acquire({ runId: 'r2', path: 'a', names: ['z'], at: 1 });
    const by = { by: 'user/anna', reason: 'nothing runs there', via: 'cli', at: 3 };

    const marked = [await store.locks.orphan({ runId: 'r1', at: 2 }), await store.locks.orphan({ runId: 'r1', at: 2 })];
    const freed = [];
    for (const name of ['x', 'z', 'x', 'w']) freed.push(await store.locks.free({ name, ...by }));

    expect(marked).toEqual([2, 0]);
    expect(freed).toEqual(['freed', 'held', 'none', 'none']);
    expect((await store.locks.list()).map(({ name, state }) => [name, state])).toEqual([
      ['y', 'orphaned'],
      ['z', 'held'],
    ]);
    expect((await store.journal.read('locks')).at(-1)).toMatchObject({ kind: 'lock.released', actor: 'user/anna' });
  });

  test('free() and the owner that goes on: whoever is first, the lock never has two owners (D13)', async () => {
    const { store } = await bed.newStore();
    for (let round = 1; round <= 20; round += 1) {
      const mine = { runId: `r${round}`, path: 'a', names: ['x'], at: round };
      await store.locks.acquire(mine);
      await store.locks.orphan({ runId: mine.runId, at: round });

      const [freed, again, other] = await Promise.all([
        store.locks.free({ name: 'x', by: 'user/anna', reason: 'looked at it', via: 'cli', at: round }),
        store.locks.acquire(mine),
        store.locks.acquire({ runId: 'other', path: 'a', names: ['x'], at: round }),
      ]);

      // Whoever asked before it was freed has the next turn, also before the owner.
      const owners = [again, other].filter(({ token }) => token !== null).length + (await store.locks.due()).length;
      expect({ freed, owners }).toEqual({ freed: expect.stringMatching(/freed|held/), owners: 1 });
      for (const runId of [mine.runId, 'other'])
        await store.locks.release({ runId, path: 'a', names: ['x'], at: round, by: 'engine' });
    }
  });

  test('waiting is journaled once, however often the waiter looks again', async () => {
    const { store } = await bed.newStore();
    await store.locks.acquire({ runId: 'r1', path: 'a', names: ['x'], at: 1 });

    for (const at of [2, 3, 4]) await store.locks.acquire({ runId: 'r2', path: 'a', names: ['x'], at });

    expect((await store.journal.read('locks')).map(({ kind }) => kind)).toEqual(['lock.granted', 'lock.requested']);
  });

  test('no lock ever has two owners, whatever is asked at once (D13)', async () => {
    const { store } = await bed.newStore();
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 2, maxLength: 6 }), async (wishes) => {
        round += 1;
        const answers = await Promise.all(
          wishes.map(async (wish, index) => {
            const request = { runId: `r${round}-${index}`, path: 'p', names: wish, at: round };
            return { ...request, ...(await store.locks.acquire(request)) };
          }),
        );
        const granted = answers.filter(({ token }) => token !== null);
        const held = granted.flatMap((answer) => answer.names);
        expect(granted.length).toBeGreaterThan(0);
        expect(new Set(held).size).toBe(held.length);
        for (const { runId, path, names: mine } of answers) {
          await store.locks.release({ runId, path, names: mine, at: round, by: 'engine' });
        }
        expect(await store.locks.list()).toEqual([]);
        expect(await store.locks.waits()).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('due() names who can go on after a release, oldest first; whoever is behind them is not told (D13)', async () => {
    const { store } = await bed.newStore();
    const ask = (runId: string, names: readonly string[]) => store.locks.acquire({ runId, path: 'a', names, at: 1 });
    await ask('holder', ['x', 'y', 'z']);
    await ask('late', ['z']);
    await ask('first', ['x', 'y']);
    await ask('behind', ['y']);
    const before = await store.locks.due();

    await store.locks.release({ runId: 'holder', path: 'a', names: ['x', 'y', 'z'], at: 2, by: 'engine' });

    expect(before).toEqual([]);
    expect(await store.locks.due()).toEqual(['late', 'first']);
    expect(await ask('behind', ['y'])).toMatchObject({ token: null, heldBy: ['first'] });
  });

  test('locks are granted in the order of asking: who wants several keeps its place for each (D13)', async () => {
    const { store } = await bed.newStore();
    const ask = (runId: string, names: readonly string[]) => store.locks.acquire({ runId, path: 'a', names, at: 1 });
    await ask('holder', ['x']);
    await ask('several', ['x', 'y']);

    const late = await ask('late', ['y']);
    await store.locks.release({ runId: 'holder', path: 'a', names: ['x'], at: 2, by: 'engine' });
    const overtaking = await ask('late', ['y']);
    const inTurn = await ask('several', ['x', 'y']);

    expect([late, overtaking]).toMatchObject([
      { token: null, heldBy: ['several'] },
      { token: null, heldBy: ['several'] },
    ]);
    expect(inTurn).toMatchObject({ names: ['x', 'y'], heldBy: [] });
    expect(await store.locks.waits()).toMatchObject([{ runId: 'late', names: ['y'] }]);
  });

  test('a run and its children do not stand behind who waits for one of them (D13)', async () => {
    const { store } = await bed.newStore();
    const created = { ...runCreated({ number: 2, parent: 'parent' }) };
    await store.journal.append('run/child', [created]);
    await store.locks.acquire({ runId: 'parent', path: 'run', names: ['x'], at: 1 });
    await store.locks.acquire({ runId: 'other', path: 'a', names: ['x', 'y'], at: 2 });

    const stranger = await store.locks.acquire({ runId: 'stranger', path: 'a', names: ['y'], at: 3 });
    const child = await store.locks.acquire({ runId: 'child', path: 'a', names: ['y'], at: 4 });

    expect(stranger).toMatchObject({ token: null, heldBy: ['other'] });
    expect(child).toMatchObject({ names: ['y'] });
  });

  test('whoever gives up, or is dead, is not stood behind (D13)', async () => {
    const { store } = await bed.newStore();
    const ask = (runId: string, names: readonly string[]) => store.locks.acquire({ runId, path: 'a', names, at: 1 });
    await ask('holder', ['x']);
    await ask('gone', ['x', 'y']);
    await ask('dead', ['x', 'y']);
    await ask('waits', ['y']);

    await store.locks.release({ runId: 'gone', path: 'a', names: ['x', 'y'], at: 2, by: 'engine' });
    const behindDead = await store.locks.due();
    await store.locks.orphan({ runId: 'dead', at: 3 });

    expect([behindDead, await store.locks.due()]).toEqual([[], ['waits']]);
    expect((await store.journal.read('locks')).filter(({ kind }) => kind === 'lock.withdrawn')).toHaveLength(2);
  });

  test('anyOf takes the first that is free; each who waits has one set aside; without wait nobody waits (D13)', async () => {
    const { store } = await bed.newStore();
    const names = ['p/1', 'p/2'];
    const ask = (runId: string, wait = true) =>
      store.locks.acquire({ runId, path: 'a', names, anyOf: true, wait, at: 1 });
    const taken = [await ask('r1'), await ask('r2'), await ask('r1')];
    const refused = await ask('refused', false);
    await ask('r3');
    const waits = await store.locks.waits();
    for (const runId of ['r1', 'r2']) await store.locks.release({ runId, path: 'a', names, at: 2, by: 'engine' });

    expect(taken.map(({ names: got }) => got)).toEqual([['p/1'], ['p/2'], ['p/1']]);
    expect(refused).toMatchObject({ token: null, heldBy: ['r1', 'r2'] });
    expect(waits).toMatchObject([{ runId: 'r3', names, anyOf: true }]);
    expect(await store.locks.due()).toEqual(['r3']);
    expect(await ask('r4')).toMatchObject({ names: ['p/2'] });
    expect(await ask('r3')).toMatchObject({ names: ['p/1'] });
  });

  test('waiting a second time at the same place is waiting anew, and is found after a rebuild (D4, D13)', async () => {
    const { store } = await bed.newStore();
    const mine = { runId: 'r2', path: 'a', names: ['x'], at: 1 };
    for (const round of [1, 2]) {
      await store.locks.acquire({ runId: 'r1', path: 'a', names: ['x'], at: round });
      await store.locks.acquire(mine);
      await store.locks.release({ runId: 'r1', path: 'a', names: ['x'], at: round, by: 'engine' });
      if (round === 1) {
        await store.locks.acquire(mine);
        await store.locks.release({ ...mine, by: 'engine' });
      }
    }
    const waits = await store.locks.waits();

    await store.journal.rebuildFolds();

    expect(waits).toMatchObject([{ runId: 'r2', path: 'a', names: ['x'] }]);
    expect(await store.locks.waits()).toEqual(waits);
  });
}
