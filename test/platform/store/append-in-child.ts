import { openStore } from '../../../platform/store/open';
import { hostEnded } from './entries';

/** A second process: `append-in-child.ts FILE NAME COUNT` appends to a stream of its own and to one that all share. */
async function main(file = '', name = '', count = '0'): Promise<void> {
  const store = await openStore({ kind: 'libsql', file });
  process.stdout.write('ready\n');
  for (let index = 0; index < Number(count); index += 1) {
    await store.journal.append(`run/${name}`, [hostEnded(`${name}-${index}`)]);
    await store.journal.append('run/shared', [hostEnded(`${name}-${index}`), hostEnded(`both-${index}`)]);
  }
  await store.close();
}

void main(...process.argv.slice(2));
