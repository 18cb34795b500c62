import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createCheckpointer } from '../../../client/evidence/checkpointer';
import type { Checkpointer, CheckpointerOptions } from '../../../client/evidence/checkpointer';
import { readCheckpointFile } from '../../../client/evidence/verifier/checkpoint-file';
import { createLogger } from '../../../platform/logger';
import { checkpointText } from '../../../platform/store/checkpoint';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { runCreated } from '../../support/client/journal';
import { newSigningKey } from './evidence-file';

const key = newSigningKey();

let folder = '';
let file = '';
let store: Store;
let runs = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-checkpointer-'));
  file = join(folder, 'checkpoints.jsonl');
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function checkpointer(change: Partial<CheckpointerOptions> = {}): Checkpointer {
  const logger = createLogger('test', 'silent');
  return createCheckpointer({ store, key, file, stamp: null, logger, now: () => 1_000, ...change });
}

async function newRun(): Promise<void> {
  runs += 1;
  await store.journal.append(`run/c${runs}`, [runCreated({ number: runs })]);
}

function numbersInFile(): readonly number[] {
  const read = readCheckpointFile([readFileSync(file)], key.publicKey);
  return read.ok ? read.checkpoints.map(({ number }) => number) : [];
}

describe('createCheckpointer()', () => {
  test('adds every checkpoint to the file, which verifies as one history', async () => {
    const keeper = checkpointer();

    for (let count = 0; count < 3; count += 1) {
      await newRun();
      await keeper.make();
      await keeper.make();
    }

    expect(numbersInFile()).toEqual([1, 2, 3]);
  });

  test('makes up for what a crash has kept from the file, also in the middle of a line (K1)', async () => {
    await newRun();
    await checkpointer({ file: null }).make();
    writeFileSync(file, '');
    await checkpointer().make();
    await newRun();
    await checkpointer({ file: null }).make();
    appendFileSync(file, '{"at":1000,"consi');

    await checkpointer().make();

    expect(numbersInFile()).toEqual([1, 2]);
  });

  test('a file that cannot be written, and an authority that does not answer, hold nothing up (K3)', async () => {
    await newRun();
    const stamp = () => Promise.reject(new Error('no answer'));

    const made = await checkpointer({ file: join(folder, 'missing', 'file'), stamp }).make();

    expect(made).toMatchObject({ number: 1 });
  });

  test('has the newest checkpoint stamped, once, and the next time if it could not be (K3)', async () => {
    await newRun();
    await checkpointer({ stamp: () => Promise.reject(new Error('no answer')) }).make();
    const asked: string[] = [];
    const keeper = checkpointer({
      stamp: async (text) => {
        asked.push(text);
        return Buffer.from('token');
      },
    });

    await keeper.make();
    await keeper.make();

    const [standing] = await store.checkpoints.list(0, 10);
    expect(standing?.stamp).toBe(Buffer.from('token').toString('base64'));
    expect(asked).toEqual(standing === undefined ? [] : [checkpointText(standing.checkpoint)]);
  });

  test('start() makes one every hour, and its stop waits for the one under way', async () => {
    await newRun();
    const stop = checkpointer({ firstAfterMs: 0, everyMs: 5 }).start();

    while ((await store.checkpoints.newest()) === null) await new Promise((resolve) => setImmediate(resolve));
    await stop();

    expect(await store.checkpoints.newest()).toMatchObject({ number: 1 });
  });
});

describe('readCheckpointFile()', () => {
  async function lines(): Promise<readonly string[]> {
    const keeper = checkpointer();
    for (let count = 0; count < 3; count += 1) {
      await newRun();
      await keeper.make();
    }
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  }

  test('accepts a file that begins later, and a line that two have added', async () => {
    const [, second = '', third = ''] = await lines();

    expect(readCheckpointFile([Buffer.from(`${second}\n${third}\n`)])).toMatchObject({ ok: true });
    expect(readCheckpointFile([Buffer.from(`${second}\n${second}\n${third}\n`)])).toMatchObject({ ok: true });
  });

  test('finds a checkpoint that was left out, and one that does not come after the one before it', async () => {
    const [first = '', second = '', third = ''] = await lines();

    expect(readCheckpointFile([Buffer.from(`${first}\n${third}\n`)])).toMatchObject({ ok: false });
    expect(readCheckpointFile([Buffer.from(`${second}\n${first}\n`)])).toMatchObject({ ok: false });
    expect(readCheckpointFile([Buffer.from(`${first}\n${second.replace('"size":', '"size":1')}\n`)])).toMatchObject({
      ok: false,
    });
  });
});
