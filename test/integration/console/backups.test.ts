import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { stringify } from 'yaml';

import { fleetInventory } from '../../../examples/demo/fleet-inventory';
import { childEnvironment } from '../../../platform/config';
import { faultsAt } from '../../support/accessibility';
import { findProgram } from '../../support/component';
import { openConsole } from '../../support/console';
import type { ConsoleStage } from '../../support/console';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { bootMs } from '../../support/up-process';

const password = 'only for tests';

let stage: ConsoleStage;
let fleet: Fleet;

beforeAll(async () => {
  const restic = findProgram('restic', 'restic');
  findProgram('jq', 'jq');
  [fleet, stage] = await Promise.all([startFleet({ hosts: 1, names: ['files1'] }), openConsole()]);
  await mkdir(join(stage.folder, 'srv', 'data'), { recursive: true });
  await writeFile(join(stage.folder, 'srv', 'data', 'orders'), 'order '.repeat(9_000));
  await writeFile(join(stage.folder, 'srv', 'identity'), 'system 1\n');
  await writeFile(join(stage.folder, 'password'), password);
  const repository = { RESTIC_PASSWORD: password, RESTIC_REPOSITORY: join(stage.folder, 'repository') };
  await promisify(execFile)(restic, ['init'], { env: childEnvironment(repository) });
  await writeFile(join(stage.folder, 'backups.yaml'), documents());
  await stage.must('apply', join(stage.folder, 'backups.yaml'), '--as', 'user/anna');
}, bootMs);

afterAll(async () => {
  await stage.close();
  await fleet.stop();
});

function documents(): string {
  const metadata = { version: '1.0.0', owner: 'team/shop' };
  const team = {
    apiVersion: 'mainstay/v1',
    kind: 'Team',
    metadata: { name: 'shop', ...metadata },
    spec: { members: ['user/anna'], secrets: ['file:'] },
  };
  const { folder } = stage;
  const plan = {
    apiVersion: 'mainstay/v1',
    kind: 'BackupPlan',
    metadata: { name: 'shop-files', title: 'Files of the shop', ...metadata },
    spec: {
      service: 'shop',
      provider: 'restic',
      inventory: 'fleet',
      host: 'files1',
      source: [join(folder, 'srv')],
      with: { identityFile: join(folder, 'srv', 'identity') },
      repositories: { primary: { location: join(folder, 'repository'), password: `file:${join(folder, 'password')}` } },
      backups: [{ id: 'full', kind: 'full' }],
      retention: { daily: 14, minimumRedundancy: 3 },
      drill: { directory: join(folder, 'places'), identity: { hostName: hostname() }, stableFor: '1s' },
      objectives: { rpo: '26h', rto: '1h' },
    },
  };
  const texts = [team, plan].map((document) => stringify(document));
  return [...texts, fleetInventory(fleet, 'team/shop', 'root')].join('---\n');
}

test('a backup and a drill are asked for in the browser, and the pages tell what was shown, what is kept and what was found', async () => {
  const { page, complaints } = await stage.signedIn('anna');
  await page.goto(`${stage.url}/backups/shop-files`);
  await page.getByText('No set yet').waitFor();

  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back up now' }).click();
  // Nobody reloads the page.
  await page.getByText('checksums are intact').waitFor();
  await page.getByRole('button', { name: 'Drill' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Drill' }).click();
  await page.getByText('it was restored').waitFor();
  await page.getByRole('tab', { name: 'What is kept and why' }).click();
  await page.getByRole('cell', { name: 'the newest verified one' }).waitFor();
  await page.goto(`${stage.url}/backups?view=operations&kind=drill`);
  await page.getByRole('link', { name: 'Drill' }).click();
  await page.getByRole('heading', { level: 1, name: /Pass/ }).waitFor();
  const asserted = await page
    .getByRole('region', { name: 'Assertions and evidence' })
    .getByRole('row')
    .allTextContents();
  await page.goto(`${stage.url}/backups`);
  const card = await page.getByRole('region', { name: 'shop' }).textContent();

  expect(asserted).toContain('system✓yesV3"system 1", "system 1" at the source');
  expect(card).toContain('All is well');
  expect(complaints).toEqual([]);
}, 180_000);

test('axe finds no serious fault on the pages of backups that hold something', async () => {
  const { page } = await stage.signedIn('anna');
  const views = ['scores', 'plans', 'drills', 'operations'].map((view) => `/backups?view=${view}`);
  const tabs = ['points', 'retention', 'plan', 'timeline'].map((tab) => `/backups/shop-files?tab=${tab}`);

  const faults: string[] = [];
  for (const path of [...views, ...tabs]) faults.push(...(await faultsAt(page, `${stage.url}${path}`)));

  expect(faults).toEqual([]);
}, 240_000);
