import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ChildPrograms } from '../../platform/embedded-children';

/** Stand-ins for worker and API that do what `up` waits for: take tasks, and answer the status request. */
export async function writeStandIns(folder: string): Promise<ChildPrograms> {
  const programs = { worker: join(folder, 'worker.cjs'), api: join(folder, 'api.cjs') };
  await writeFile(programs.worker, `${moduleSearch}${workerSource}`);
  await writeFile(programs.api, apiSource);
  return programs;
}

/** They lie in a temporary folder, from which no package is found. */
const moduleSearch = `const load = require('node:module').createRequire(${JSON.stringify(__filename)});\n`;

const workerSource = `
process.stdin.on('end', () => process.exit(0)).resume();
const { Connection } = load('@temporalio/client');
async function main() {
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
  console.log(JSON.stringify({ ready: true }));
  for (;;) {
    const request = { namespace: process.env.TEMPORAL_NAMESPACE, taskQueue: { name: 'mainstay' }, identity: 'stand-in' };
    await connection
      .withDeadline(Date.now() + 60000, () => connection.workflowService.pollWorkflowTaskQueue(request))
      .catch(() => new Promise((resolve) => setTimeout(resolve, 100)));
  }
}
void main();
`;

const apiSource = `
process.stdin.on('end', () => process.exit(0)).resume();
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const token = readFileSync(join(process.env.MAINSTAY_DATA, 'token'), 'utf8').trim();
const server = require('node:http').createServer((request, response) => {
  response.statusCode = request.headers.authorization === 'Bearer ' + token ? 200 : 401;
  response.end(JSON.stringify({ store: 'libsql', workers: 1, openRuns: 0, openTasks: 0 }));
});
server.listen(Number(process.env.MAINSTAY_API_PORT), '127.0.0.1', () => console.log(JSON.stringify({ ready: true })));
`;
