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

const documents = join(__dirname, 'processes.yaml');

let folder: string;
let place: UpPlace;
let up: UpProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-processes-'));
  place = upPlace(folder);
  [up, browser] = await Promise.all([startUp(place), openBrowser()]);
  await must('apply', documents, '--as', 'user/anna');
}, bootMs);

afterAll(async () => {
  await browser.close();
  await up.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

test('somebody opens a change from the form of its model, and another approves it beside its plan; both see it at once', async () => {
  const rita = await signedIn('rita', desk);
  const ben = await signedIn('ben', phone);

  await openChange(rita, { title: 'Say hello', start: '2027-03-10T20:00' });
  await rita.getByRole('button', { name: 'Submit', exact: true }).click();
  await rita.getByRole('heading', { level: 1 }).getByText('Authorising').waitFor();
  await ben.goto(rita.url());
  const edit = ben.getByRole('button', { name: 'Edit', exact: true });
  await edit.and(ben.locator('[aria-disabled=true]')).waitFor();
  const refusal = await edit.getAttribute('aria-describedby');
  const whose = await ben.locator(`[id="${refusal ?? ''}"]`).textContent();
  await ben.goto(`${rita.url()}/edit`);
  await ben.getByRole('button', { name: 'Save' }).and(ben.locator('[aria-disabled=true]')).waitFor();
  await ben.goto(rita.url());
  const plan = ben.getByRole('region', { name: 'The plan that is voted on' });
  await plan.getByText('greeting = hello').waitFor();
  await ben.getByRole('button', { name: 'Approve', exact: true }).click();

  // Nobody reloads anything.
  await rita.getByRole('heading', { level: 1 }).getByText('Scheduled').waitFor();
  const approvals = await rita.getByRole('region', { name: 'Approvals' }).textContent();
  expect(approvals).toContain('user/ben: approve');
  expect(whose).toBe("It is user/rita's: open another, or ask them.");
}, 240_000);

test('a phone shows beside the buttons what is voted on, when, and who is asked; whoever is asked has somebody else answer', async () => {
  const rita = await signedIn('rita', desk);
  await openChange(rita, { title: 'Hand it on', start: '2027-06-10T20:00' });
  await rita.getByRole('button', { name: 'Submit', exact: true }).click();
  await rita.getByRole('heading', { level: 1 }).getByText('Authorising').waitFor();
  const ben = await signedIn('ben', phone);
  await ben.goto(`${up.info.url}/tasks`);
  await ben.getByRole('link', { name: /Hand it on/ }).click();

  const regions = ['Question', 'The change', 'The plan that is voted on', 'Told'];
  for (const name of regions) await ben.getByRole('region', { name, exact: true }).waitFor();
  const plan = ben.getByRole('region', { name: 'The plan that is voted on' });
  await plan.getByText('greeting = hello').scrollIntoViewIfNeeded();
  // What is read does not push them off the screen.
  const buttons = await ben.getByRole('button', { name: 'Approve', exact: true }).boundingBox();
  const width = await ben.evaluate('document.documentElement.scrollWidth');
  await ben.getByRole('button', { name: 'Delegate' }).click();
  await ben.getByLabel('Who answers').fill('user/carl');
  await ben.getByRole('button', { name: 'Let them answer' }).click();
  await ben.getByText('user/ben to user/carl').waitFor();

  expect(buttons?.y).toBeGreaterThan(0);
  expect(buttons?.y).toBeLessThan(phone.viewport.height);
  expect(width).toBe(phone.viewport.width);
}, 240_000);

test('the calendar of changes is gone through by keyboard', async () => {
  const page = await signedIn('rita', desk);
  await page.goto(`${up.info.url}/changes?view=calendar&date=2027-03-09`);
  await page.getByRole('gridcell', { name: /^Tuesday 9 March/ }).focus();

  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/date=2027-03-10/);
  await page.keyboard.press('PageDown');
  await page.waitForURL(/date=2027-04-01/);

  await page
    .locator('td:focus')
    .getByText(/^Thursday 1 April/)
    .waitFor();
}, 120_000);

test('the editor completes by the schema, shows what is wrong in its place, and publishes another version only', async () => {
  const page = await signedIn('anna', desk);
  await page.goto(`${up.info.url}/editor?kind=Runbook&name=say-hello`);
  const editor = page.getByRole('textbox', { name: 'YAML of the definition' });
  await editor.click();
  await page.keyboard.press('Control+End');

  // `g` and `a` are shortcuts elsewhere on the page.
  await page.keyboard.type('    - id: again');
  await page.keyboard.press('Enter');
  await page.keyboard.type('esti');
  // Enter would be a new line if it came just when the list opens: what nobody has seen is not taken.
  await page.getByRole('option', { name: /^estimate/ }).click();
  await page.keyboard.type('1s');
  await page.getByRole('list', { name: 'Problems' }).getByText('none of the keys').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('uses: core.echo');
  await page.keyboard.press('Enter');
  await page.keyboard.type('with: { text: again }');
  await page.getByText('Nothing is wrong with it').waitFor();
  const refused = await page.getByRole('button', { name: 'Publish' }).getAttribute('aria-disabled');
  await page.getByRole('button', { name: '1.1.0 (something new)' }).click();
  await page.locator('button:not([aria-disabled])', { hasText: 'Publish' }).click();

  await page.getByRole('tab', { name: 'Text of 1.1.0' }).waitFor();
  expect(refused).toBe('true');
}, 120_000);

test.each([
  ['a desk, in light', desk],
  ['a phone, in the dark', phone],
])(
  'axe finds no serious fault on the pages of processes, definitions and access, on %s',
  async (_where, options) => {
    const page = await signedIn('anna', options);
    await openChange(page, { title: `Look at ${options.colorScheme}`, start: '2027-05-10T20:00' });
    const change = new URL(page.url()).pathname;
    const changes = [
      '/changes?view=board',
      '/changes?view=calendar&date=2027-03-10',
      '/changes/new',
      change,
      `${change}/edit`,
    ];
    const backups = ['plans', 'drills', 'operations'].map((view) => `/backups?view=${view}`);
    const plan = ['points', 'retention', 'plan', 'timeline'].map((tab) => `/backups/hello-files?tab=${tab}`);
    const definition = ['text', 'graph', 'versions', 'diff'].map((tab) => `/definitions/Runbook/say-hello?tab=${tab}`);
    const access = ['tokens', 'people', 'teams', 'grants'].map((view) => `/access?view=${view}`);
    const editor = ['/editor?kind=Team', '/editor?kind=Runbook&name=say-hello'];

    const faults: string[] = [];
    for (const path of [...changes, ...backups, ...plan, ...definition, ...access, ...editor, '/audit?view=sessions'])
      faults.push(...(await faultsAt(page, `${up.info.url}${path}`)));

    expect(faults).toEqual([]);
  },
  180_000,
);

interface Asked {
  readonly title: string;
  readonly start: string;
}

async function openChange(page: Page, { title, start }: Asked): Promise<void> {
  await page.goto(`${up.info.url}/changes/new`);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Model').selectOption('hello/change');
  await page.getByLabel('Runbook').fill('say-hello');
  await page.getByLabel('Starts').fill(start);
  await page.getByLabel('Who notices?').selectOption('everybody');
  await page.getByRole('region', { name: 'Risk' }).getByText('high risk, score 3').waitFor();
  await page.getByText('It would be taken').waitFor();
  await page.getByRole('button', { name: 'Open the draft' }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

const Link = z.object({ url: z.string() });

async function signedIn(person: string, options: typeof desk | typeof phone): Promise<Page> {
  const { page } = await openWindow(browser, options);
  const { stdout } = await must('sign-in', '--as', person, '--role', 'admin', '--json');
  await page.goto(Link.parse(JSON.parse(stdout)).url);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  return page;
}

async function must(...args: readonly string[]) {
  const ran = await mainstay(place, ...args, '--data', place.data);
  if (ran.exitCode !== 0) throw new Error(`Cannot run "mainstay ${args.join(' ')}": ${ran.stderr}`);
  return ran;
}
