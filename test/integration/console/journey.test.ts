import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

import { fleetInventory } from '../../../examples/demo/fleet-inventory';
import { childEnvironment } from '../../../platform/config';
import { openBrowser, openWindow } from '../../support/browser';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { bootMs, mainstay, startUp, upPlace } from '../../support/up-process';
import type { UpPlace, UpProcess } from '../../support/up-process';

const documents = join(__dirname, 'shop.yaml');
/** `npm run pictures` keeps what the windows show, for the README. */
const pictures = childEnvironment({})['MAINSTAY_PICTURES'];
const desk = { width: 1_280, height: 860 };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

let folder: string;
let place: UpPlace;
let fleet: Fleet;
let up: UpProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-console-'));
  place = upPlace(folder);
  [fleet, up, browser] = await Promise.all([
    startFleet({ hosts: 3, names: ['web1', 'web2', 'web3'] }),
    startUp(place),
    openBrowser(),
  ]);
  const inventory = join(folder, 'inventory.yaml');
  await writeFile(inventory, fleetInventory(fleet, 'team/shop'));
  await must('apply', documents, inventory);
}, bootMs);

afterAll(async () => {
  await browser.close();
  await up.stop('SIGTERM');
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

test('somebody signs in, starts a run from a form and watches it; a second person approves on a phone; the audit tells both', async () => {
  const anna = await openWindow(browser, { viewport: desk });
  const ben = await openWindow(browser, phone);

  await anna.page.goto(await signInLink('anna', 'operator'));
  await anna.page.getByText('Nothing waits for you').waitFor();
  await anna.page.goto(`${up.info.url}/start/shop%2Frelease`);
  await anna.page.getByLabel('version').fill('two');
  await anna.page.getByRole('button', { name: 'Show the plan' }).click();
  await anna.page.getByLabel('version').and(anna.page.locator('[aria-invalid=true]')).waitFor();
  const isOffered = await anna.page.getByRole('button', { name: 'Start this run' }).isVisible();
  await anna.page.getByLabel('version').fill('2.0.0');
  await anna.page.getByLabel('Inventory').selectOption('fleet');
  await anna.page.getByRole('button', { name: 'Show the plan' }).click();
  await anna.page.getByRole('button', { name: 'Start this run' }).waitFor();
  await picture(anna.page, 'start');
  await anna.page.getByRole('button', { name: 'Start this run' }).click();
  await anna.page.waitForURL('**/runs/1');
  await anna.page.getByText('Release 2.0.0 to stable').first().waitFor();
  await anna.page.getByRole('tab', { name: 'Output' }).click();

  await ben.page.goto(await signInLink('ben', 'approver'));
  await ben.page.getByRole('link', { name: 'Release 2.0.0 to stable' }).first().click();
  await ben.page.getByText('3 hosts in 2 waves').waitFor();
  await picture(ben.page, 'approve-on-a-phone');
  await ben.page.getByRole('textbox', { name: 'Comment', exact: true }).first().fill('Looks right');
  await ben.page.getByRole('button', { name: 'Approve', exact: true }).click();

  // Nobody reloads her page.
  await anna.page.getByText('installing 2.0.0').first().waitFor();
  await anna.page.getByText('Succeeded').first().waitFor();
  await picture(anna.page, 'output');
  await anna.page.getByRole('tab', { name: 'Steps' }).click();
  await picture(anna.page, 'run');
  await anna.page.getByRole('tab', { name: 'Journal' }).click();
  await anna.page.getByText('verified', { exact: false }).first().waitFor();
  await picture(anna.page, 'journal');
  await anna.page.getByRole('link', { name: 'Home' }).click();
  await anna.page.getByText('Needs me').waitFor();
  await picture(anna.page, 'home');
  const auditor = await openWindow(browser, { viewport: desk, colorScheme: 'dark' });
  await auditor.page.goto(await signInLink('carla', 'auditor'));
  await auditor.page.getByRole('link', { name: 'Audit' }).click();
  await auditor.page.getByText('vote.cast').first().waitFor();
  await picture(auditor.page, 'audit');

  expect(isOffered).toBe(false);
  expect(JSON.parse((await must('show', '1', '--json')).stdout)).toMatchObject({
    outcome: 'succeeded',
    requester: 'user/anna',
    outputs: { released: 3 },
  });
  expect([anna.complaints, ben.complaints, auditor.complaints]).toEqual([[], [], []]);
}, 240_000);

const Link = z.object({ url: z.string() });

async function signInLink(person: string, role: string): Promise<string> {
  const { stdout } = await must('sign-in', '--as', person, '--role', role, '--json');
  return Link.parse(JSON.parse(stdout)).url;
}

async function must(...args: readonly string[]) {
  const ran = await mainstay(place, ...args, '--data', place.data);
  if (ran.exitCode !== 0) throw new Error(`Cannot run "mainstay ${args.join(' ')}": ${ran.stderr}`);
  return ran;
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures ?? folder, `${name}.png`) });
}
