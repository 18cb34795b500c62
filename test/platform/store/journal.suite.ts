import { withinRequest } from '../../../platform/request-context';
import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import { verifyChain } from '../../../platform/store/verify';
import type { StoreBed } from './dialects';
import {
  entry,
  hostEnded,
  redacted,
  runCreated,
  runEnded,
  runStarted,
  stepEnded,
  stepStarted,
  taskRefused,
} from './entries';

const stream = 'run/r1';

export function journalSuite(bed: StoreBed): void {
  test('append() gives each entry the next seq and a hash over the one before (D4)', async () => {
    const { store } = await bed.newStore();

    const first = await store.journal.append(stream, [runCreated(), runStarted(false, 1_100)]);
    const second = await store.journal.append(stream, [runEnded()]);

    const entries = await store.journal.read(stream);
    expect(entries.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'run.created'],
      [2, 'run.started'],
      [3, 'run.ended'],
    ]);
    expect(first).toEqual({ appended: 2, skipped: 0, head: { count: 2, hash: entries[1]?.hash } });
    expect(second.head).toEqual({ count: 3, hash: entries[2]?.hash });
    expect(await store.journal.head(stream)).toEqual(second.head);
    expect(verifyChain(entries, second.head)).toEqual({ ok: true, count: 3, head: second.head.hash });
  });

  test('append() skips a fact that stands already, whoever reports it (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [runCreated(), hostEnded('web1')]);

    const again = await store.journal.append(stream, [
      { ...hostEnded('web1', {}, 7_777), actor: 'other' },
      hostEnded('web2'),
    ]);

    expect(again).toMatchObject({ appended: 1, skipped: 1, head: { count: 3 } });
  });

  test('append() refuses another payload under a key that stands, and writes nothing of that batch (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [hostEnded('web1')]);

    const conflicting = store.journal.append(stream, [hostEnded('web2'), hostEnded('web1', { exitCode: 1 })]);

    await expect(conflicting).rejects.toMatchObject({ code: 'JOURNAL_CONFLICT' });
    expect(await store.journal.head(stream)).toMatchObject({ count: 1 });
    expect(await store.views.hosts('r1')).toHaveLength(1);
  });

  test('append() refuses two payloads under one key within a batch', async () => {
    const { store } = await bed.newStore();

    const conflicting = store.journal.append(stream, [hostEnded('web1'), hostEnded('web1', { exitCode: 1 })]);

    await expect(conflicting).rejects.toMatchObject({ code: 'JOURNAL_CONFLICT' });
  });

  test('append() from many writers at once gives one unbroken chain, and each fact once', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [runCreated()]);
    const shared = Array.from({ length: 20 }, (_, index) => hostEnded(`web${index}`));

    await Promise.all(
      Array.from({ length: 8 }, (_, writer) => store.journal.append(stream, [hostEnded(`own${writer}`), ...shared])),
    );

    const entries = await store.journal.read(stream);
    expect(entries).toHaveLength(1 + 8 + 20);
    expect(verifyChain(entries, await store.journal.head(stream))).toMatchObject({ ok: true });
  });

  test('append() puts the refusal of an answer that comes after the end into the system stream (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [runCreated(), taskRefused('early'), runEnded()]);

    const late = await store.journal.append(stream, [taskRefused('late'), taskRefused('early')]);
    const repeated = await store.journal.append(stream, [taskRefused('late')]);

    expect(late).toMatchObject({ appended: 1, skipped: 1, head: { count: 3 } });
    expect(repeated).toMatchObject({ appended: 0, skipped: 1 });
    expect((await store.journal.read('system')).map(({ key }) => key)).toEqual(['run/r1/task.refused/late']);
  });

  test('append() replaces NUL and lone surrogates in payload, key and actor (D4)', async () => {
    const { store } = await bed.newStore();
    const odd = entry('event.received', { name: 'a\0b', data: 'x\ud800y' }, { key: 'event\0' });

    await store.journal.append(stream, [{ ...odd, actor: 'user/\udc00' }]);

    const [stored] = await store.journal.read(stream);
    expect(stored).toMatchObject({ key: 'event\ufffd', actor: 'user/\ufffd' });
    expect(stored?.payload).toBe(canonicalJson({ name: 'a\ufffdb', data: 'x\ufffdy' }));
    expect(verifyChain(stored === undefined ? [] : [stored])).toMatchObject({ ok: true });
  });

  test('read() pages by seq, find() answers by key', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(
      stream,
      Array.from({ length: 250 }, (_, index) => hostEnded(`web${index}`)),
    );

    const page = await store.journal.read(stream, { after: 200, limit: 10 });
    const found = await store.journal.find(stream, [page[1]?.key ?? '', 'nobody', page[0]?.key ?? '']);

    expect(page.map(({ seq }) => seq)).toEqual([201, 202, 203, 204, 205, 206, 207, 208, 209, 210]);
    expect(found).toEqual(page.slice(0, 2));
  });

  test('redact() drops salt and payload and what was folded from them, and the chain stays valid (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [runCreated(), stepStarted(), hostEnded('web1'), stepEnded()]);

    await store.journal.redact(stream, 3, redacted);

    const entries = await store.journal.read(stream);
    expect(entries[2]).toMatchObject({ salt: null, payload: null });
    expect(entries[4]).toMatchObject({ seq: 5, kind: 'journal.redacted', actor: 'user/anna', at: 9_000 });
    expect(JSON.parse(entries[4]?.payload ?? '')).toEqual({ seq: 3, kind: 'host.ended', reason: 'asked to' });
    expect(await store.journal.redact(stream, 3, redacted)).toBe('unchanged');
    expect(await store.journal.redact(stream, 99, redacted)).toBe('missing');
    expect(verifyChain(entries, await store.journal.head(stream))).toMatchObject({ ok: true });
    expect(await store.views.hosts('r1')).toEqual([]);
    expect(await store.views.steps('r1')).toMatchObject([{ path: 'install', status: 'succeeded' }]);
    expect(await store.journal.append(stream, [hostEnded('web1')])).toMatchObject({ appended: 0, skipped: 1 });
  });

  test('an entry says for which request it was written, hashed; told again by another one it is the same fact (D4)', async () => {
    const { store } = await bed.newStore();
    const appendFor = (request: string, entries: readonly AnyJournalEntry[]) =>
      new Promise((resolve, reject) => {
        withinRequest(request, () => void store.journal.append(stream, entries).then(resolve, reject));
      });

    const [, own] = await Promise.all([
      appendFor('request-1', [runCreated()]),
      store.journal.append('run/r2', [runCreated()]),
      appendFor('request-2', [runCreated(), stepStarted()]),
    ]);

    const entries = await store.journal.read(stream);
    expect(entries.map(({ kind }) => kind)).toEqual(['run.created', 'step.started']);
    expect(entries[1]?.request).toBe('request-2');
    expect(entries[0]?.request).toMatch(/^request-[12]$/);
    expect(verifyChain(entries, await store.journal.head(stream))).toMatchObject({ ok: true });
    const [unasked] = await store.journal.read('run/r2');
    expect(unasked).not.toHaveProperty('request');
    expect(verifyChain(unasked === undefined ? [] : [unasked], own.head)).toMatchObject({ ok: true });
  });

  test('a failed append in one process leaves the store usable', async () => {
    const { store } = await bed.newStore();
    const broken = { ...runCreated(), at: Number.NaN };

    await expect(store.journal.append(stream, [broken])).rejects.toThrow();

    expect(await store.journal.append(stream, [runCreated()])).toMatchObject({ appended: 1 });
  });
}
