import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

import { faultsAt } from '../../support/accessibility';
import { openBrowser, openWindow } from '../../support/browser';
import { desk, phone } from '../../support/console';
import { bootMs, mainstay, startUp, upPlace } from '../../support/up-process';
import type { UpPlace, UpProcess } from '../../support/up-process';

const documents = ['people.yaml', 'hello.yaml'].map((name) => join(__dirname, '../../../examples', name));

let folder: string;
let place: UpPlace;
let up: UpProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-accessibility-'));
  place = upPlace(folder);
  [up, browser] = await Promise.all([startUp(place), openBrowser()]);
  await must('apply', ...documents, '--as', 'user/anna');
}, bootMs);

afterAll(async () => {
  await browser.close();
  await up.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['a desk, in light', desk],
  ['a phone, in the dark', phone],
])(
  'axe finds no serious fault on any page, on %s',
  async (_where, options) => {
    const { page } = await openWindow(browser, options);
    const faults = [...(await faultsAt(page, `${up.info.url}/sign-in`))];
    await page.goto(await signInLink('anna'));
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    const run = await startedByForm(page);
    const task = await firstTask(page);
    const open = ['/', '/runs', '/runs?state=running', '/start', '/start/hello', '/tasks', task];
    const tabs = ['steps', 'output', 'journal', 'plan', 'told'].map((tab) => `${run}?tab=${tab}`);
    const areas = ['/changes', '/backups', '/definitions', '/inventory', '/schedules', '/locks', '/audit', '/access'];

    for (const path of [...open, ...tabs, ...areas]) faults.push(...(await faultsAt(page, `${up.info.url}${path}`)));

    expect(faults).toEqual([]);
  },
  240_000,
);

async function startedByForm(page: Page): Promise<string> {
  await page.goto(`${up.info.url}/start/hello`);
  await page.getByRole('button', { name: 'Show the plan' }).click();
  await page.getByRole('button', { name: 'Start this run' }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
  return new URL(page.url()).pathname;
}

async function firstTask(page: Page): Promise<string> {
  await page.goto(`${up.info.url}/tasks?whose=all`);
  await page.getByRole('link', { name: 'Say hello to world' }).first().click();
  await page.waitForURL(/\/tasks\/.+/);
  return new URL(page.url()).pathname;
}

const Link = z.object({ url: z.string() });

async function signInLink(person: string): Promise<string> {
  const { stdout } = await must('sign-in', '--as', person, '--role', 'admin', '--json');
  return Link.parse(JSON.parse(stdout)).url;
}

async function must(...args: readonly string[]) {
  const ran = await mainstay(place, ...args, '--data', place.data);
  if (ran.exitCode !== 0) throw new Error(`Cannot run "mainstay ${args.join(' ')}": ${ran.stderr}`);
  return ran;
}
