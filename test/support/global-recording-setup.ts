import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { setTestServer } from './global-server';
import { testServerVariable } from './temporal';
import { startTestServer } from './test-server';

/** A server that is soon full, so that the history of a run that continues as new is small. */
export default async function setup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-record-'));
  const { server, address } = await startTestServer({ folder, eventsPerHistory: 300 });
  setTestServer({ server, folder });
  process.env[testServerVariable] = address;
}
