import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { dataPaths } from '../../platform/data-directory';
import { recordServerVersion } from '../../platform/server-version';
import { bootMs, mainstay, startUp, upPlace } from '../support/up-process';
import type { UpPlace, UpProcess } from '../support/up-process';

const runbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: {name: failing, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: before, uses: core.echo, with: {text: before}}
    - {id: broken, uses: core.fail, with: {until: 2}}
`;

let place: UpPlace;
let up: UpProcess | null;

beforeEach(async () => {
  place = upPlace(await mkdtemp(join(tmpdir(), 'mainstay-upgrade-')));
  up = null;
});

afterEach(async () => {
  await up?.stop('SIGTERM');
  await rm(place.folder, { recursive: true, force: true });
});

test(
  'after mainstay upgrade the next up has the runs of before, and a failed one of them is resumed (D14, D15)',
  async () => {
    const at = ['--data', place.data, '--json'];
    const file = join(place.folder, 'failing.yaml');
    await writeFile(file, runbook);
    up = await startUp(place);
    const first = RunShown.parse(JSON.parse((await mainstay(place, 'run', file, '--wait', ...at)).stdout));
    await up.stop('SIGINT');
    await pretendEarlierServer();

    const upgraded = await mainstay(place, 'upgrade', ...at);
    up = await startUp(place);
    const resumed = await mainstay(place, 'resume', first.id, '--wait', ...at);
    const audit = await mainstay(place, 'audit', 'verify', first.id, ...at);

    expect(JSON.parse(upgraded.stdout)).toMatchObject({ from: '1.30.1', to: '1.31.2', upgraded: true });
    expect(first).toMatchObject({ state: 'closed', outcome: 'failed' });
    expect(JSON.parse(resumed.stdout)).toMatchObject({ id: first.id, state: 'closed', outcome: 'succeeded' });
    expect(JSON.parse(audit.stdout)).toMatchObject({ ok: true });
    expect((await readdir(place.data)).filter((name) => /^temporal-.*\.db$/.test(name)).toSorted()).toEqual([
      'temporal-1.30.1.db',
      'temporal-1.31.2.db',
    ]);
  },
  2 * bootMs,
);

const RunShown = z.looseObject({ id: z.string() });

/** Only one server version is here: its file and the record of it get the name of another. */
async function pretendEarlierServer(): Promise<void> {
  const files = (await readdir(place.data)).filter((name) => name.startsWith('temporal-1.31.2.db'));
  for (const name of files) {
    await rename(join(place.data, name), join(place.data, name.replace('1.31.2', '1.30.1')));
  }
  await recordServerVersion(dataPaths(place.data), { program: '1.7.0', server: '1.30.1', archives: {} });
}
