import type { NewDelivery } from '../../../platform/store/deliveries';
import type { StoreBed } from './dialects';

function delivery(id: string, change: Partial<NewDelivery> = {}): NewDelivery {
  return { id, subscription: 'ops', eventId: `evt_${id}`, kind: 'run.ended', body: '{}', createdAt: 1_000, ...change };
}

const refused = { round: 1, state: 'sending', answer: '503', at: 2_000 } as const;

export function deliveriesSuite(bed: StoreBed): void {
  test('add() makes each delivery once, and moves the mark with it (D1)', async () => {
    const { store } = await bed.newStore();
    expect(await store.deliveries.mark()).toBeNull();

    await store.deliveries.add([delivery('a'), delivery('b')], 7);
    await store.deliveries.attempted('a', { ...refused, state: 'delivered', answer: '200' });
    await store.deliveries.add([delivery('a'), delivery('c')], 9);

    expect(await store.deliveries.mark()).toBe(9);
    expect((await store.deliveries.list({ limit: 10 })).map(({ id, state }) => [id, state])).toEqual([
      ['c', 'waiting'],
      ['b', 'waiting'],
      ['a', 'delivered'],
    ]);
    expect(Object.fromEntries(await store.deliveries.count())).toEqual({ delivered: 1, waiting: 2 });
  });

  test('a delivery waits, is being sent, and ends once, whatever is told of it later (D2)', async () => {
    const { store } = await bed.newStore();
    await store.deliveries.add([delivery('a')], 1);

    await store.deliveries.started('a', 1);
    await store.deliveries.attempted('a', refused);
    const between = await store.deliveries.get('a');
    await store.deliveries.attempted('a', { ...refused, state: 'delivered', answer: '200', at: 3_000 });
    await store.deliveries.attempted('a', { ...refused, state: 'dead', at: 4_000 });

    expect(between).toMatchObject({ state: 'sending', attempts: 1, answer: '503', settledAt: null });
    expect(await store.deliveries.get('a')).toMatchObject({ state: 'delivered', attempts: 2, settledAt: 3_000 });
    expect(await store.deliveries.waiting(10)).toEqual([]);
  });

  test('again() gives a dead one another round, and nothing else; news of the round before say nothing (D3)', async () => {
    const { store } = await bed.newStore();
    await store.deliveries.add([delivery('a')], 1);
    expect(await store.deliveries.again('a', 2_000)).toBeNull();
    await store.deliveries.attempted('a', { ...refused, state: 'dead' });

    expect(await store.deliveries.again('a', 2_000)).toMatchObject({ round: 2, state: 'waiting', eventId: 'evt_a' });

    await store.deliveries.started('a', 1);
    await store.deliveries.attempted('a', { ...refused, state: 'dead' });
    expect(await store.deliveries.waiting(10)).toMatchObject([{ id: 'a', round: 2 }]);
  });

  test('again() takes one that has been under way for longer than any workflow lives', async () => {
    const { store } = await bed.newStore();
    await store.deliveries.add([delivery('a')], 1);
    await store.deliveries.started('a', 1);

    expect(await store.deliveries.again('a', 4 * 86_400_000)).toBeNull();
    expect(await store.deliveries.again('a', 6 * 86_400_000)).toMatchObject({ round: 2, state: 'waiting' });
  });

  test('list() goes by subscription and state, newest first, by pages', async () => {
    const { store } = await bed.newStore();
    const some = Array.from({ length: 5 }, (_, index) =>
      delivery(`a${index}`, { createdAt: index < 3 ? 1_000 : 2_000 }),
    );
    await store.deliveries.add([...some, delivery('z', { subscription: 'other' })], 1);
    const idsOf = async (filter: Parameters<typeof store.deliveries.list>[0]): Promise<readonly string[]> =>
      (await store.deliveries.list(filter)).map(({ id }) => id);

    expect(await idsOf({ subscription: 'ops', limit: 3 })).toEqual(['a4', 'a3', 'a2']);
    expect(await idsOf({ subscription: 'ops', limit: 3, before: { createdAt: 1_000, id: 'a2' } })).toEqual([
      'a1',
      'a0',
    ]);
    expect(await idsOf({ state: 'dead', limit: 3 })).toEqual([]);
  });

  test('expire() deletes what came to its end before, and nothing that is under way', async () => {
    const { store } = await bed.newStore();
    await store.deliveries.add([delivery('a'), delivery('b'), delivery('c')], 1);
    await store.deliveries.attempted('a', { ...refused, state: 'dead', at: 2_000 });
    await store.deliveries.attempted('b', { ...refused, state: 'delivered', at: 9_000 });

    await store.deliveries.expire(5_000);

    expect((await store.deliveries.list({ limit: 10 })).map(({ id }) => id)).toEqual(['c', 'b']);
  });
}
