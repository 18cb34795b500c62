import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { z } from 'zod';

import { PersonNotifications } from '../../../client/api/notification-schema';
import { faultsAt } from '../../support/accessibility';
import { openBrowser, openWindow } from '../../support/browser';
import { bootMs, mainstay, startUp, upPlace } from '../../support/up-process';
import type { UpPlace, UpProcess } from '../../support/up-process';

let folder: string;
let place: UpPlace;
let up: UpProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-notifications-'));
  // Nothing is sent here: it only has to be set up.
  place = upPlace(folder, {
    MAINSTAY_PUBLIC_URL: 'http://127.0.0.1:1',
    MAINSTAY_NTFY_URL: 'http://127.0.0.1:1',
    MAINSTAY_SMTP_URL: 'smtp://127.0.0.1:1',
    MAINSTAY_MAIL_FROM: 'mainstay@example.org',
  });
  [up, browser] = await Promise.all([startUp(place), openBrowser()]);
  await writeFile(join(folder, 'anna.yaml'), anna);
  await must('apply', join(folder, 'anna.yaml'), '--as', 'user/anna');
}, bootMs);

afterAll(async () => {
  await browser.close();
  await up.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const anna = `apiVersion: mainstay/v1
kind: Person
metadata: { name: anna }
spec: { name: Anna, zone: Europe/Berlin, email: anna@example.org, ntfy: anna-7f3a }
`;

test('what somebody wants to be told is chosen in the browser, kept, and known to the command line', async () => {
  const { page, complaints } = await openWindow(browser);
  await page.goto(await signInLink('anna'));
  await page.getByRole('link', { name: 'Notifications' }).click();

  await page.getByLabel('Keep quiet for some hours of each day').check();
  await page.getByLabel('To', { exact: true }).fill('21:00');
  await page.getByLabel('What can wait').selectOption('daily');
  await page.getByLabel('How: A run of yours or of your team has failed').selectOption('own');
  const channels = page.getByRole('group', { name: 'Channels: A run of yours or of your team has failed' });
  await channels.getByLabel('Mail').uncheck();
  await page.getByLabel('How: What failed before has succeeded again').selectOption('off');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('At most 16 hours').waitFor();
  await page.getByLabel('To', { exact: true }).fill('06:30');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('You are told so from now on').waitFor();

  await page.reload();
  await page.getByLabel('To', { exact: true }).waitFor();
  expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('06:30');
  expect(await channels.getByLabel('Mail').isChecked()).toBe(false);
  const { stdout } = await must('me', 'notifications', '--as', 'anna', '--json');
  expect(PersonNotifications.parse(JSON.parse(stdout))).toEqual({
    person: 'user/anna',
    preferences: {
      channels: null,
      kinds: { 'run.failed': ['ntfy'], 'run.recovered': 'off' },
      quiet: { from: '22:00', to: '06:30' },
      digest: 'daily',
      digestAt: '08:00',
    },
    reachable: ['mail', 'ntfy'],
    zone: 'Europe/Berlin',
  });
  expect(complaints).toEqual([]);
}, 240_000);

test.each([
  ['a desk, in light', { viewport: { width: 1_280, height: 860 }, colorScheme: 'light' }],
  ['a phone, in the dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
] as const)(
  'axe finds no serious fault on the page of notifications, on %s',
  async (_where, options) => {
    const { page } = await openWindow(browser, options);
    await page.goto(await signInLink('anna'));
    await page.getByRole('navigation', { name: 'Main' }).waitFor();

    expect(await faultsAt(page, `${up.info.url}/notifications`)).toEqual([]);
  },
  240_000,
);

const Link = z.object({ code: z.string() });

async function signInLink(person: string): Promise<string> {
  const { stdout } = await must('sign-in', '--as', person, '--role', 'viewer', '--json');
  // Nothing listens where links of messages lead.
  return `${up.info.url}/sign-in#${Link.parse(JSON.parse(stdout)).code}`;
}

async function must(...args: readonly string[]) {
  const ran = await mainstay(place, ...args, '--data', place.data);
  if (ran.exitCode !== 0) throw new Error(`Cannot run "mainstay ${args.join(' ')}": ${ran.stderr}`);
  return ran;
}
