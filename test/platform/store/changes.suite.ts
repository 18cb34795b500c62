import fc from 'fast-check';
import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import type { Store } from '../../../platform/store/store';
import { changeEnded, changeOpened, changePlanned, changeScheduled, changeState } from './change-entries';
import type { StoreBed } from './dialects';
import { entry, redacted, taskRefused } from './entries';
import { dumpFolds } from './fold-tables';

const wholeTime = { startMs: 0, endMs: 1_000_000, except: '' };

export function changesSuite(bed: StoreBed): void {
  test('find() knows a change by its number, its name, its id and the beginning of its id', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/caaaaaaaaaaaa', [changeOpened(12)]);
    await store.journal.append('run/cabbbbbbbbbbb', [changeOpened(13)]);

    for (const reference of ['CHG-12', 'chg-12', '12', 'caaaaaaaaaaaa', 'caa'])
      expect(await store.changes.find(reference)).toMatchObject({ id: 'caaaaaaaaaaaa', number: 12 });
    for (const reference of ['ca', '14', 'CHG-1', '']) expect(await store.changes.find(reference)).toBeNull();
  });

  test('a change is of what it was opened as, then of what it was edited to, then of what it was planned as: the newest counts', async () => {
    const { store } = await bed.newStore();
    const [shop, pay, ops] = ['shop', 'pay', 'ops'].map((service) => ({ service: [service] }));
    const edited = (scope: { service: string[] } | undefined, at: number) => {
      const payload = {
        draft: { title: 'x' },
        material: false,
        difference: [],
        ...(scope === undefined ? {} : { scope }),
      };
      return entry('change.edited', payload, { key: `edited@${at}`, at });
    };
    const scopeNow = async () => (await store.changes.get('c1'))?.scope;
    await store.journal.append('run/c1', [changeOpened(1, { scope: shop ?? {} })]);

    await store.journal.append('run/c1', [edited(pay, 1_050)]);
    expect(await scopeNow()).toEqual(pay);
    await store.journal.append('run/c1', [edited(undefined, 1_060)]);
    expect(await scopeNow()).toEqual(pay);
    await store.journal.append('run/c1', [changePlanned([], 1, 1_100, ops)]);
    expect(await scopeNow()).toEqual(ops);
    await store.journal.append('run/c1', [edited(shop, 1_200)]);
    expect(await scopeNow()).toEqual(shop);
  });

  test('nextNumber() gives each change one of its own, apart from those of runs', async () => {
    const { store } = await bed.newStore();

    const numbers = [await store.nextRunNumber(), await store.changes.nextNumber(), await store.changes.nextNumber()];

    expect(numbers).toEqual([1, 1, 2]);
  });

  test('a change is no run, and a run is no change', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/c1', [changeOpened(1)]);
    await store.journal.append('run/r1', [changeState('draft')]);

    expect(await store.views.findRun('c1')).toBeNull();
    expect(await store.views.runs({ limit: 10 })).toEqual([]);
    expect((await store.changes.list({ limit: 10 })).map(({ id }) => id)).toEqual(['c1']);
  });

  test('list() selects by phase, requester, item, time and openness, newest first, page by page', async () => {
    const { store } = await bed.newStore();
    await plan(store, 'c1', { number: 1, items: ['host/a'], startMs: 100, endMs: 200 });
    await plan(store, 'c2', { number: 2, items: ['host/b'], startMs: 300, endMs: 400 });
    await store.journal.append('run/c2', [changeState('closed', 5_000)]);
    await store.journal.append('run/c3', [changeOpened(3, { requester: 'user/ben' })]);
    async function listed(filter: Omit<Parameters<Store['changes']['list']>[0], 'limit'>): Promise<readonly string[]> {
      return (await store.changes.list({ limit: 10, ...filter })).map(({ id }) => id);
    }

    expect(await listed({})).toEqual(['c3', 'c2', 'c1']);
    expect(await listed({ phase: 'authorising' })).toEqual(['c1']);
    expect(await listed({ requester: 'user/ben' })).toEqual(['c3']);
    expect(await listed({ item: 'host/b' })).toEqual(['c2']);
    expect(await listed({ fromMs: 200, toMs: 301 })).toEqual(['c2']);
    expect(await listed({ fromMs: 200, toMs: 300 })).toEqual([]);
    expect(await listed({ open: true })).toEqual(['c3', 'c1']);
    expect(await listed({ before: 3 })).toEqual(['c2', 'c1']);
    expect((await store.changes.list({ limit: 1 })).map(({ id }) => id)).toEqual(['c3']);
  });

  test.each([
    ['ends when the other one is prepared', { startMs: 0, endMs: 90_000 }, false],
    ['reaches into its preparation', { startMs: 0, endMs: 90_001 }, true],
    ['starts in it', { startMs: 199_999, endMs: 300_000 }, true],
    ['starts when its window ends', { startMs: 200_000, endMs: 300_000 }, false],
  ])(
    'meeting() is half-open on [start − preparation, window end): a change that %s (R-CONF-2)',
    async (_what, time, met) => {
      const { store } = await bed.newStore();
      await plan(store, 'c1', { number: 1, items: ['host/a'], startMs: 100_000, endMs: 200_000 });

      const found = await store.changes.meeting({ items: ['host/a'], assignees: [], except: 'c2', ...time });

      expect(found.map(({ id }) => id)).toEqual(met ? ['c1'] : []);
    },
  );

  test('meeting() answers each change once with all of its items, by item and by person (R-CONF-1)', async () => {
    const { store } = await bed.newStore();
    await plan(store, 'c1', {
      number: 1,
      items: ['host/b', 'host/a'],
      startMs: 100,
      endMs: 200,
      assignees: ['user/eve'],
    });
    await plan(store, 'c2', { number: 2, items: ['host/z'], startMs: 100, endMs: 200, assignees: ['user/eve'] });
    const question = { ...wholeTime, items: ['host/a', 'host/b', 'host/x'], assignees: ['user/eve'] };

    const found = await store.changes.meeting(question);

    expect(found).toEqual([
      {
        id: 'c1',
        number: 1,
        title: 'Change 1',
        type: 'normal',
        owner: 'user/anna',
        assignees: ['user/eve'],
        items: ['host/a', 'host/b'],
        startMs: 100,
        windowEndMs: 200,
        preparationMs: 10_000,
        standing: 'planned',
        claimedAt: 1_200,
      },
      expect.objectContaining({ id: 'c2' }),
    ]);
    expect(await store.changes.meeting({ ...question, except: 'c1' })).toMatchObject([{ id: 'c2' }]);
  });

  test('meeting() leaves out drafts and what is over, and keeps what is under way after its window (R-CONF-1)', async () => {
    const { store } = await bed.newStore();
    const phases = ['draft', 'authorising', 'scheduled', 'held', 'implementing', 'backed-out', 'closed', 'cancelled'];
    for (const [index, phase] of phases.entries()) {
      await plan(store, `c${index}`, { number: index + 1, items: ['host/a'], startMs: 100, endMs: 200 });
      await store.journal.append(`run/c${index}`, [changeState(phase, 2_000)]);
    }
    async function met(startMs: number): Promise<readonly string[]> {
      const found = await store.changes.meeting({ ...wholeTime, startMs, items: ['host/a'], assignees: [] });
      return found.map(({ number }) => phases[number - 1] ?? '');
    }

    expect(await met(0)).toEqual(['authorising', 'scheduled', 'held', 'implementing']);
    expect(await met(200)).toEqual(['implementing']);
  });

  test('items() are those of the newest plan, in whatever order plans are told (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/c1', [changeOpened(1), changePlanned(['host/new', 'host/also'], 2)]);
    await store.journal.append('run/c1', [changePlanned(['host/old'], 1, 5_000)]);

    expect(await store.changes.items('c1')).toEqual(['host/also', 'host/new']);
    expect(await store.changes.get('c1')).toMatchObject({ plan: { generation: 2, planHash: 'h2' } });
  });

  test('a change keeps its place in time when it is only said again, and loses it in draft or at another time', async () => {
    const { store } = await bed.newStore();
    const claims: (number | null | undefined)[] = [];
    for (const fact of [
      [changeOpened(1), changeScheduled({}, 2_000)],
      [changeScheduled({ reason: 'again' }, 3_000)],
      [changeState('draft', 4_000)],
      [changeScheduled({}, 5_000)],
      [changeScheduled({ endMs: 300_000 }, 6_000)],
    ]) {
      await store.journal.append('run/c1', fact);
      claims.push((await store.changes.get('c1'))?.claimedAt);
    }

    expect(claims).toEqual([2_000, 2_000, null, 5_000, 6_000]);
  });

  test('a change that was regularised after all is not flagged unregularised any more (R-APPR-12)', async () => {
    const { store } = await bed.newStore();
    const flag = (name: string, at: number) => entry('change.flagged', { flag: name, reason: '' }, { key: name, at });
    await store.journal.append('run/c1', [changeOpened(1), flag('overrun', 1), flag('unregularised', 2)]);
    const before = (await store.changes.get('c1'))?.flags;

    await store.journal.append('run/c1', [flag('regularised', 3)]);

    expect(before).toEqual(['overrun', 'unregularised']);
    expect((await store.changes.get('c1'))?.flags).toEqual(['overrun']);
  });

  test('an answer that comes after the end of a change is a fact of the installation (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/c1', [changeOpened(1), taskRefused('a1'), changeEnded()]);

    await store.journal.append('run/c1', [taskRefused('a2')]);

    const kinds = async (stream: string) => (await store.journal.read(stream)).map(({ key }) => key);
    expect(await kinds('run/c1')).toEqual(['change.opened', 'task.refused/a1', 'ended@9000']);
    expect(await kinds('system')).toEqual(['run/c1/task.refused/a2']);
  });

  test('rebuildFolds() gives byte-equal tables of changes, whatever was written in whatever order (D4)', async () => {
    const { store, database } = await bed.newStore();
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { minLength: 1, maxLength: 25 }), async (entries) => {
        changes += 1;
        const facts = [...new Map(entries.map((fact) => [fact.key, fact])).values()];
        await store.journal.append(`run/cwhole${changes}`, facts);
        for (const fact of facts) await store.journal.append(`run/cparts${changes}`, [fact]);
        const written = await dumpFolds(database);
        const [whole, parts] = await Promise.all(
          ['cwhole', 'cparts'].map(async (id) => [
            { ...(await store.changes.get(`${id}${changes}`)), id: '', runId: '' },
            await store.changes.items(`${id}${changes}`),
          ]),
        );

        await store.journal.rebuildFolds();

        expect(parts).toEqual(whole);
        expect(await dumpFolds(database)).toBe(written);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test('the state of a change is kept as long as the change is open, and its final one for good (D14)', async () => {
    const { store } = await bed.newStore();
    const { signal } = new AbortController();
    const future = Date.now() + 1_000_000;
    await store.journal.append('run/c1', [changeOpened(1)]);
    const [early, last] = await Promise.all(
      ['early', 'last'].map((text) => store.blobs.putTemporary(Buffer.from(text))),
    );

    const whileOpen = await store.retention.expire(future, signal);
    const ended = { outcome: 'successful', flags: {}, runId: null, stateDigest: last ?? '' };
    await store.journal.append('run/c1', [changeState('closed', 2_000), entry('change.ended', ended)]);
    const afterwards = await store.retention.expire(future + 1, signal);

    expect([whileOpen.states, afterwards.states]).toEqual([0, 1]);
    expect(await store.blobs.get(early ?? '')).toBeNull();
    expect(await store.blobs.get(last ?? '')).not.toBeNull();
  });

  test('redact() of a draft takes it out of the table of changes too', async () => {
    const { store } = await bed.newStore();
    await plan(store, 'c1', { number: 1, items: ['host/a'], startMs: 1, endMs: 2 });

    await store.journal.redact('run/c1', 1, redacted);

    expect(await store.changes.get('c1')).toBeNull();
    expect(await store.changes.list({ limit: 10 })).toEqual([]);
  });
}

interface Plan {
  readonly number: number;
  readonly items: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  readonly assignees?: readonly string[];
}

async function plan(store: Store, id: string, { number, items, startMs, endMs, assignees = [] }: Plan): Promise<void> {
  await store.journal.append(`run/${id}`, [
    changeOpened(number),
    changePlanned(items),
    changeScheduled({ startMs, endMs, assignees }),
    changeState('authorising'),
  ]);
}

const anyEntry: fc.Arbitrary<AnyJournalEntry> = fc
  .record({
    kind: fc.constantFrom('opened', 'edited', 'planned', 'assessed', 'scheduled', 'state', 'conflicts', 'flag', 'end'),
    at: fc.integer({ min: 0, max: 9 }),
    name: fc.constantFrom('draft', 'authorising', 'implementing', 'closed'),
  })
  .map(({ kind, at, name }) => {
    const rest = { key: `${kind}@${at}/${name}`, at };
    switch (kind) {
      case 'opened':
        return changeOpened(1);
      case 'edited':
        return entry('change.edited', { draft: { title: name }, material: true, difference: [name] }, rest);
      case 'planned':
        return { ...changePlanned([`host/${name}`], at), ...rest };
      case 'assessed':
        return entry('change.assessed', { type: 'normal', score: at, risk: name, by: 'engine' }, rest);
      case 'scheduled':
        return { ...changeScheduled({ endMs: 200_000 + (at % 3), assignees: [`user/${name}`] }), ...rest };
      case 'state':
        return { ...changeState(name), ...rest };
      case 'conflicts':
        return entry('change.conflicts', { at: name, verdict: 'clear', conflicts: [] }, rest);
      case 'flag':
        return entry('change.flagged', { flag: at % 2 === 0 ? 'regularised' : 'unregularised', reason: '' }, rest);
      case 'end':
        return { ...changeEnded(), ...rest };
    }
  });
