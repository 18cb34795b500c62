import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openStore } from '../../../platform/store/open';
import { verifyChain } from '../../../platform/store/verify';

const loader = join(__dirname, '../../support/typescript-child.js');
const appending = require.resolve('./append-in-child');
const locking = require.resolve('./lock-in-child');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-store-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('two processes on one libsql file', () => {
  test('write at once without losing or repeating an entry, from a file that was not there (D16)', async () => {
    const file = join(folder, 'two.db');

    const children = ['one', 'two'].map((name) => startChild(file, name, 60));
    const codes = await Promise.all(children.map(exitCode));

    const store = await openStore({ kind: 'libsql', file });
    const shared = await store.journal.read('run/shared');
    const own = await Promise.all(['one', 'two'].map((name) => store.journal.head(`run/${name}`)));
    await store.close();
    expect(codes).toEqual([0, 0]);
    expect(own.map(({ count }) => count)).toEqual([60, 60]);
    expect(new Set(shared.map(({ key }) => key)).size).toBe(180);
    expect(verifyChain(shared)).toMatchObject({ ok: true, count: 180 });
  });

  test('never hold the same lock at once, and tokens only rise (D13, D16)', async () => {
    const file = join(folder, 'locks.db');

    const children = ['one', 'two'].map((name) => startChild(file, name, 40, locking));
    const codes = await Promise.all(children.map(exitCode));

    const store = await openStore({ kind: 'libsql', file });
    const entries = await store.journal.read('locks');
    const left = await store.locks.list();
    await store.close();
    const turns = entries.filter(({ kind }) => kind !== 'lock.requested');
    expect(codes).toEqual([0, 0]);
    expect(left).toEqual([]);
    // The order of the stream is the order of the facts: each grant is followed by its own release.
    expect(turns.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 160 }, (_, index) => (index % 2 === 0 ? 'lock.granted' : 'lock.released')),
    );
    const payloads = turns.map(({ payload }) => Turn.parse(JSON.parse(payload ?? '{}')));
    for (let index = 0; index < payloads.length; index += 2) {
      expect(payloads[index + 1]).toMatchObject({ runId: payloads[index]?.runId, path: payloads[index]?.path });
    }
    const tokens = payloads.flatMap(({ token }) => (token === undefined ? [] : [token]));
    expect(tokens).toEqual(tokens.toSorted((one, other) => one - other));
    expect(new Set(tokens).size).toBe(80);
  });

  test('killed in mid write: the other goes on, what was acknowledged stands, the chain verifies (D16)', async () => {
    const file = join(folder, 'killed.db');
    const child = startChild(file, 'victim', 10_000);
    await once(child.stdout ?? child, 'data');
    const store = await openStore({ kind: 'libsql', file });
    while (child.exitCode === null && (await store.journal.head('run/shared')).count < 20)
      await new Promise(setImmediate);

    child.kill('SIGKILL');
    await once(child, 'exit');

    const before = await store.journal.head('run/victim');
    await store.journal.append('run/victim', []);
    const entries = await store.journal.read('run/victim');
    const hosts = await store.views.hosts('victim');
    const rebuilt = await store.journal.rebuildFolds();
    await store.close();
    expect(verifyChain(entries, before)).toMatchObject({ ok: true });
    expect(hosts).toHaveLength(entries.length);
    expect(rebuilt.entries).toBeGreaterThanOrEqual(entries.length);
  });
});

const Turn = z.object({ runId: z.string(), path: z.string(), token: z.number().optional() });

// oxlint-disable-next-line max-params -- the command line of the child
function startChild(file: string, name: string, count: number, script = appending): ChildProcess {
  return spawn(process.execPath, ['-r', loader, script, file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  child.stdout?.resume();
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}
