import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportRun } from '../../../client/run-export';
import { digestOf } from '../../../platform/store/blobs';
import { verifyExport } from '../../../platform/store/export';
import { migrate } from '../../../platform/store/migrate';
import { createStore } from '../../../platform/store/open';
import { createRetention } from '../../../platform/store/retention';
import { loadSigningKey } from '../../../platform/store/signing-key';
import { verifyChain } from '../../../platform/store/verify';
import type { Database } from '../../../platform/store/database';
import type { Store } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import { hostEnded, runCreated, runEnded, runStarted, taskOpened } from './entries';
import { dumpFolds } from './fold-tables';

const never = new AbortController().signal;
const place = { path: 'install/host:web1', phase: 'do', generation: 1 };

const published = {
  kind: 'Runbook',
  name: 'web/upgrade',
  version: '1.0.0',
  digest: digestOf(Buffer.from('kind: Runbook')),
  text: 'kind: Runbook',
  files: { 'a.sh': digestOf(Buffer.from('#!/bin/sh')) },
};

export function retentionSuite(bed: StoreBed): void {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mainstay-key-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('expire() deletes the output of runs that ended before, and says so of them only', async () => {
    const { store } = await bed.newStore();
    await endedRun(store, 'old', 1_000);
    await endedRun(store, 'young', 5_000);
    await openRun(store, 'open');

    const expired = await store.retention.expire(5_000, never);

    expect(expired).toMatchObject({ runs: 1, outputChunks: 2 });
    expect(await store.outputs.tail('old', 0, 10)).toEqual([]);
    expect(await store.outputs.tail('young', 0, 10)).toHaveLength(2);
    expect(await store.outputs.tail('open', 0, 10)).toHaveLength(2);
    expect(await store.retention.expiredBefore()).toBe(5_000);
    expect(await store.retention.expire(5_000, never)).toEqual({ runs: 0, outputChunks: 0, states: 0, notices: 0 });
  });

  test('expire() keeps the journal and everything that is read from it', async () => {
    const { store, database } = await bed.newStore();
    await endedRun(store, 'old', 1_000);
    const before = { folds: await dumpFolds(database), head: await store.journal.head('run/old') };

    await store.retention.expire(5_000, never);

    const entries = await store.journal.read('run/old');
    expect(verifyChain(entries, before.head)).toMatchObject({ ok: true });
    expect(await dumpFolds(database)).toBe(before.folds);
  });

  test('expire() deletes what `capture: secret` kept beside the output; the row of the host stands', async () => {
    const { store } = await bed.newStore();
    const captured = { secret: place.path };
    const rows = [runCreated(), hostEnded('web1', { captured }), runEnded({}, 1_000)];
    await store.journal.append('run/old', rows);
    await store.outputs.write({ ...place, runId: 'old' }, 'secret', 0, Buffer.from('sealed:1:AAAA'));

    const expired = await store.retention.expire(5_000, never);

    expect(expired).toEqual({ runs: 1, outputChunks: 1, states: 0, notices: 0 });
    expect(await store.outputs.read({ ...place, runId: 'old' }, 'secret', 0, 100)).toHaveLength(0);
    expect(await store.views.hosts('old')).toMatchObject([{ host: 'web1', captured }]);
  });

  test('an export verifies offline, and the folds are made again, after the output has expired (D4)', async () => {
    const { store, database } = await bed.newStore();
    const script = Buffer.from('#!/bin/sh');
    await store.definitions.publish(published, { actor: 'user/anna', via: 'cli', at: 500 }, [script]);
    const passing = await store.blobs.putTemporary(Buffer.from('passing state'));
    const stateDigest = await store.blobs.putTemporary(Buffer.from('final state'));
    await openRun(store, 'old');
    await store.journal.append('run/old', [runEnded({ stateDigest }, 1_000)]);
    const before = await dumpFolds(database);

    const expired = await store.retention.expire(Date.now() + 86_400_000, never);
    const text = await exportRun(store, 'old', { key: await loadSigningKey(join(folder, 'key')), now: 2_000 });
    await store.journal.rebuildFolds();

    expect(expired).toEqual({ runs: 1, outputChunks: 2, states: 1, notices: 0 });
    expect(verifyExport(text)).toMatchObject({ ok: true, stream: 'run/old', count: 4 });
    expect(await dumpFolds(database)).toBe(before);
    const left = await Promise.all([passing, stateDigest, digestOf(script)].map((digest) => store.blobs.get(digest)));
    expect(left.map((bytes) => bytes !== null)).toEqual([false, true, true]);
  });

  test('expire() leaves the output of a run that is resumed while the pass is under way', async () => {
    const { store, database } = await bed.newStore();
    await endedRun(store, 'again', 1_000);
    const resumes: Database = {
      ...database,
      transaction: async (work) => {
        await store.journal.append('run/again', [runStarted(true, 6_000)]);
        return database.transaction(work);
      },
    };

    await createRetention(resumes).expire(5_000, never);

    expect(await store.outputs.tail('again', 0, 10)).toHaveLength(2);
  });

  test('expire() leaves a state that another writer puts anew while the pass is under way', async () => {
    const { store, database } = await bed.newStore();
    const state = Buffer.from('state');
    const digest = await store.blobs.putTemporary(state);
    await database.transaction(({ query }) => query.updateTable('blobs').set({ temporary_since: 1_000 }).execute());

    const [expired] = await Promise.all([store.retention.expire(5_000, never), store.blobs.putTemporary(state)]);

    // Either it went and was put again, or it was renewed and stayed.
    expect([0, 1]).toContain(expired.states);
    expect(await store.blobs.get(digest)).not.toBeNull();
  });

  test('expire() spares a run that was resumed, until its new end is old', async () => {
    const { store } = await bed.newStore();
    await endedRun(store, 'again', 1_000);
    await store.journal.append('run/again', [runStarted(true, 6_000)]);

    const whileOpen = await store.retention.expire(5_000, never);
    await store.journal.append('run/again', [runEnded({}, 7_000)]);
    const early = await store.retention.expire(6_500, never);
    const late = await store.retention.expire(8_000, never);

    expect([whileOpen.runs, early.runs, late.runs]).toEqual([0, 0, 1]);
  });

  test('expire() goes through many runs and chunks, and two at once do no harm', async () => {
    const { store, database } = await bed.newStore();
    for (let index = 0; index < 130; index += 1) await endedRun(store, `r${index}`, 1_000 + (index % 3), index + 1);
    const rows = Array.from({ length: 1_100 }, (_, index) => ({
      ...addressOf('r7'),
      start: index,
      size: 1,
      bytes: Buffer.from('x'),
    }));
    for (let at = 0; at < rows.length; at += 100)
      await database.transaction(({ query }) =>
        query
          .insertInto('outputs')
          .values(rows.slice(at, at + 100))
          .execute(),
      );

    const both = await Promise.all([store.retention.expire(5_000, never), store.retention.expire(5_000, never)]);

    expect(both[0].outputChunks + both[1].outputChunks).toBe(130 * 2 + 1_100);
    expect(await database.query.selectFrom('outputs').select('position').execute()).toEqual([]);
  }, 60_000);

  test('expire() deletes notices that are done with, but for those by which somebody may still vote', async () => {
    const { store, database } = await bed.newStore();
    const opened = (id: string) =>
      taskOpened({ id, kind: 'manual', priority: 1, candidates: ['user/anna'] }, id === 'young' ? 6_000 : 1_000);
    await store.journal.append('run/r1', ['sent', 'voted', 'waiting', 'young'].map(opened));
    const delivery = { recipient: 'user/anna', channel: 'mail', at: 1_000, isGathered: false, vote: null } as const;
    const taken = await store.notices.take({ now: 6_000, leaseMs: 0, limit: 10 });
    for (const notice of taken) {
      if (notice.about.id === 'waiting') continue;
      const vote = notice.about.id === 'voted' ? { planHash: 'h1', showHash: 's1', expiresAt: 7_000 } : null;
      await store.notices.address(notice, [{ ...delivery, vote }], notice.about.id === 'young' ? 6_000 : 1_000);
    }
    const messages = await store.notices.take({ now: 6_000, leaseMs: 0, limit: 10 });
    await store.notices.settle(
      messages.filter(({ channel }) => channel !== null),
      { kind: 'sent', messageId: 'm1', at: 6_000 },
    );
    const head = await store.journal.head('system');

    const early = await store.retention.expire(5_000, never);
    const late = await store.retention.expire(7_001, never);

    // One that became a message is a row of its own.
    expect([early.notices, late.notices]).toEqual([3, 3]);
    const left = await database.query.selectFrom('notices').select(['about_id', 'state']).execute();
    expect(left).toEqual([{ about_id: 'waiting', state: 'open' }]);
    expect(await store.journal.head('system')).toEqual(head);
  });

  test('expire() that is stopped goes on the next time', async () => {
    const { store } = await bed.newStore();
    await endedRun(store, 'old', 1_000);

    await store.retention.expire(5_000, AbortSignal.abort());
    const stopped = await store.retention.expiredBefore();
    const next = await store.retention.expire(5_000, never);

    expect(stopped).toBe(0);
    expect(next.runs).toBe(1);
  });

  test('a state goes when nothing names it: not the final one of a run, not one that an open run may need (D14)', async () => {
    const { store, database } = await bed.newStore();
    const [passing, final, kept] = ['passing', 'final', 'kept'].map((text) => Buffer.from(text));
    const passingDigest = await store.blobs.putTemporary(passing ?? Buffer.alloc(0));
    const stateDigest = await store.blobs.putTemporary(final ?? Buffer.alloc(0));
    const keptDigest = await store.blobs.putTemporary(kept ?? Buffer.alloc(0));
    await store.journal.append(
      'run/named',
      [runCreated({ number: 9 }), runEnded({}, 1_000)],
      [kept ?? Buffer.alloc(0)],
    );
    await store.blobs.putTemporary(kept ?? Buffer.alloc(0));
    await store.journal.append('run/r1', [runCreated(), runEnded({ stateDigest }, 1_000)]);
    await openRun(store, 'open', Date.now());
    const tomorrow = Date.now() + 86_400_000;

    const whileOpen = await store.retention.expire(tomorrow, never);
    await store.journal.append('run/open', [runEnded({}, Date.now())]);
    const afterwards = await store.retention.expire(tomorrow, never);

    expect([whileOpen.states, afterwards.states]).toEqual([0, 1]);
    const there = await Promise.all([passingDigest, stateDigest, keptDigest].map((digest) => store.blobs.get(digest)));
    expect(there.map((bytes) => bytes !== null)).toEqual([false, true, true]);
    await store.journal.rebuildFolds();
    expect(await database.query.selectFrom('blobs').select('temporary_since').execute()).toEqual([
      { temporary_since: null },
      { temporary_since: null },
    ]);
  });

  test('a store of before knows the end of its runs, and the texts of its definitions', async () => {
    const database = bed.open(await bed.newPlace());
    await migrate(database, 3);
    await journalAsBefore(database);

    await migrate(database);

    const store = createStore(database);
    expect(await store.retention.expire(5_000, never)).toMatchObject({ runs: 1 });
    expect(Buffer.from((await store.blobs.get(textDigest)) ?? []).toString()).toBe('kind: Team');
  });
}

const textDigest = '59f421bea618961b5265926a331b73c936e891e5860ba1a2a8a57f6a6c879287';

/** Rows as the version before wrote them. */
async function journalAsBefore(database: Database): Promise<void> {
  const run = {
    created: null,
    state: 'closed',
    reason: '',
    stateAt: 1_000,
    startedAt: null,
    resumedAt: null,
    resumedSeq: 0,
  };
  const document = JSON.stringify({ ...run, ended: { at: 1_000 } });
  await database.transaction(async ({ query }) => {
    await query
      .insertInto('runs')
      .values({ id: 'r1', number: 1, state: 'closed', definition: null, parent: null, document })
      .execute();
    await query
      .insertInto('definitions')
      .values({ kind: 'Team', name: 'web', version: '1.0.0', digest: textDigest, text: 'kind: Team', files: '{}' })
      .execute();
  });
}

async function endedRun(store: Store, id: string, endedAt: number, number = 1): Promise<void> {
  await openRun(store, id, 500, number);
  await store.journal.append(`run/${id}`, [runEnded({}, endedAt)]);
}

async function openRun(store: Store, id: string, at = 500, number = 1): Promise<void> {
  await store.journal.append(`run/${id}`, [runCreated({ number }, at), runStarted(false, at), hostEnded('web1')]);
  await store.outputs.write({ ...place, runId: id }, 'stdout', 0, Buffer.from('hello'));
  await store.outputs.write({ ...place, runId: id }, 'stderr', 0, Buffer.from('oops'));
}

function addressOf(runId: string) {
  return { run_id: runId, path: 'many', phase: 'do', generation: 1, stream: 'stdout' };
}
