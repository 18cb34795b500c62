import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dataPaths } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';
import { processIdentity } from '../../platform/process-identity';
import { waitUntilGone } from '../support/gone';
import { bootMs, mainstay, startUp, upPlace } from '../support/up-process';
import type { UpPlace, UpProcess } from '../support/up-process';

let place: UpPlace;
let up: UpProcess | null;

beforeEach(async () => {
  place = upPlace(await mkdtemp(join(tmpdir(), 'mainstay-up-')));
  up = null;
});

afterEach(async () => {
  await up?.stop('SIGTERM');
  await rm(place.folder, { recursive: true, force: true });
});

test(
  'mainstay up starts everything, status tells it, a second up is refused, and Ctrl-C ends it cleanly',
  async () => {
    const { data } = place;
    up = await startUp(place);
    const status = await mainstay(place, 'status', '--data', data, '--json');
    const second = await mainstay(place, 'up', '--data', data);
    const children = await childrenOf(data);
    const exitCode = await up.stop('SIGINT');
    const after = await mainstay(place, 'status', '--data', data, '--json');

    expect(up.info.data).toBe(data);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, url: up.info.url, openRuns: 0, openTasks: 0 });
    expect([status.exitCode, second.exitCode, exitCode, after.exitCode]).toEqual([0, 1, 0, 1]);
    expect(second.stderr).toContain('DATA_DIRECTORY_IN_USE');
    expect(children).toHaveLength(3);
    for (const child of children) expect(await processIdentity(child.pid ?? 0)).toBeNull();
    expect(await readdir(data)).not.toContain('endpoint.json');
    expect((await stat(dataPaths(data).token)).mode & 0o777).toBe(0o600);
  },
  bootMs,
);

test(
  'kill -9 of mainstay up leaves nothing behind, and the next one starts on the same directory and port (D15)',
  async () => {
    up = await startUp(place);
    const port = new URL(up.info.url).port;
    const identities = await Promise.all(
      (await childrenOf(place.data)).map((child) => processIdentity(child.pid ?? 0)),
    );

    await up.stop('SIGKILL');
    up = await startUp(place, '--port', port);

    expect(new URL(up.info.url).port).toBe(port);
    for (const identity of identities) await waitUntilGone(identity ?? { pid: 0, startTime: '' });
  },
  bootMs,
);

async function childrenOf(data: string): Promise<readonly { readonly pid: number | null }[]> {
  return Object.values((await readEndpoint(dataPaths(data)))?.children ?? {});
}
