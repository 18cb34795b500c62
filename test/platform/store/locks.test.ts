import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../../../platform/store/open';

test('acquire() takes names in their order, each once, whatever the order of asking (D13)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-locks-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });

  await store.locks.acquire({ runId: 'r1', path: 'a', names: ['c', 'a', 'b', 'a'], at: 1 });

  const [granted] = await store.journal.read('locks');
  await store.close();
  await rm(folder, { recursive: true });
  expect(JSON.parse(granted?.payload ?? '{}')).toMatchObject({ names: ['a', 'b', 'c'] });
});
