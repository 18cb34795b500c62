import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { setTestServer } from './global-server';
import { testServerVariable } from './temporal';
import { startTestServer } from './test-server';

/** One server for the whole run. */
export default async function setup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-test-'));
  const { server, address } = await startTestServer({ folder });
  setTestServer({ server, folder });
  process.env[testServerVariable] = address;
}
