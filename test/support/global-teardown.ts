import { rm } from 'node:fs/promises';

import { takeTestServer } from './global-server';

export default async function teardown(): Promise<void> {
  const running = takeTestServer();
  if (running === null) return;
  await running.server.stop();
  await rm(running.folder, { recursive: true, force: true });
}
