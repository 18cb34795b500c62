import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../platform/store/open';
import { verifyChain } from '../../../platform/store/verify';

const loader = join(__dirname, '../../support/typescript-child.js');
const script = require.resolve('./append-in-child');

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

function startChild(file: string, name: string, count: number): ChildProcess {
  return spawn(process.execPath, ['-r', loader, script, file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  child.stdout?.resume();
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}
