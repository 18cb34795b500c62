import type { AuditFilter } from '../../../platform/store/audit';
import type { Store } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import { runCreated, runEnded, stepStarted } from './entries';

export function auditSuite(bed: StoreBed): void {
  async function filled(): Promise<Store> {
    const { store } = await bed.newStore();
    // At one time in several streams, and not in the order of their names.
    for (const [id, number] of [
      ['rb', 1],
      ['ra', 2],
      ['rc', 3],
    ] as const)
      await store.journal.append(`run/${id}`, [
        runCreated({ number }, 1_000),
        stepStarted({}, 2_000),
        runEnded({}, 2_000),
      ]);
    return store;
  }

  async function told(store: Store, filter: Partial<AuditFilter>): Promise<readonly string[]> {
    const entries = await store.audit.read({ limit: 100, ...filter });
    return entries.map(({ stream, kind }) => `${stream} ${kind}`);
  }

  test('entries of all streams come newest first, and in one order where they are of one time', async () => {
    const store = await filled();

    expect(await told(store, {})).toEqual([
      'run/rc run.ended',
      'run/rc step.started',
      'run/rb run.ended',
      'run/rb step.started',
      'run/ra run.ended',
      'run/ra step.started',
      'run/rc run.created',
      'run/rb run.created',
      'run/ra run.created',
    ]);
  });

  test.each([1, 2, 4, 9])('pages of %d entries hold each entry once', async (limit) => {
    const store = await filled();
    const whole = await told(store, {});

    const found: string[] = [];
    let below: AuditFilter['below'];
    for (;;) {
      const page = await store.audit.read({ limit, ...(below === undefined ? {} : { below }) });
      found.push(...page.map(({ stream, kind }) => `${stream} ${kind}`));
      const last = page.at(-1);
      if (last === undefined) break;
      below = { at: last.at, stream: last.stream, seq: last.seq };
    }

    expect(found).toEqual(whole);
  });

  test.each<[string, Partial<AuditFilter>, number]>([
    ['a stream', { stream: 'run/ra' }, 3],
    ['kinds', { kinds: ['run.created', 'run.ended'] }, 6],
    ['an actor', { actor: 'engine' }, 9],
    ['an actor who did nothing', { actor: 'user/eve' }, 0],
    ['a time, without its end', { fromMs: 1_000, untilMs: 2_000 }, 3],
  ])('entries are found by %s', async (_what, filter, count) => {
    expect(await told(await filled(), filter)).toHaveLength(count);
  });
}
