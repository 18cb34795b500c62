import { openStore } from '../../../platform/store/open';

/** A second process: `lock-in-child.ts FILE NAME COUNT` takes and frees the same two locks, again and again. */
async function main(file = '', name = '', count = '0'): Promise<void> {
  const store = await openStore({ kind: 'libsql', file });
  process.stdout.write('ready\n');
  for (let round = 0; round < Number(count); round += 1) {
    const request = { runId: name, path: `round${round}`, names: ['host/a', 'host/b'], at: round };
    while ((await store.locks.acquire(request)).token === null) await new Promise(setImmediate);
    await store.locks.release({ ...request, by: 'engine' });
  }
  await store.close();
}

void main(...process.argv.slice(2));
