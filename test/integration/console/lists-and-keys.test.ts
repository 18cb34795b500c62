import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { openConsole } from '../../support/console';
import type { ConsoleStage } from '../../support/console';
import { bootMs } from '../../support/up-process';

const examples = ['people.yaml', 'hello.yaml'].map((name) => join(__dirname, '../../../examples', name));

let stage: ConsoleStage;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  stage = await openConsole();
  await stage.must('apply', ...examples, '--as', 'user/anna');
  await stage.must('run', 'hello', '--as', 'user/anna');
  ({ page, complaints } = await stage.signedIn('anna'));
}, bootMs);

afterAll(async () => {
  await stage.close();
});

function focused(): Promise<unknown> {
  return page.evaluate('document.activeElement?.textContent?.trim()');
}

test('a list is gone through by j and k, Enter opens, and Escape lets go', async () => {
  await page.goto(`${stage.url}/definitions`);
  await page.getByRole('link', { name: 'two-of-web' }).waitFor();

  await page.keyboard.press('j');
  const first = await focused();
  await page.keyboard.press('j');
  const second = await focused();
  await page.keyboard.press('k');
  const again = await focused();
  await page.keyboard.press('Escape');
  const left = await page.evaluate('document.activeElement === document.body');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/definitions/ApprovalPolicy/two-of-web');

  expect([first, second, again, left]).toEqual(['two-of-web', 'hello', 'two-of-web', true]);
});

test('a list goes on where the page before has ended, and is looked through whole', async () => {
  await page.route('**/api/v1/people*', (route) => {
    const isSecond = new URL(route.request().url()).searchParams.get('cursor') === 'two';
    const people = [person(isSecond ? 'zoe' : 'adam')];
    return route.fulfill({ json: { people, next: isSecond ? null : 'two' } });
  });
  await page.goto(`${stage.url}/access?view=people`);
  await page.getByText('user/adam').waitFor();
  const zoe = page.getByText('user/zoe');
  const isThereAtOnce = await zoe.isVisible();

  await page.getByRole('button', { name: 'Load more' }).click();
  await zoe.waitFor();
  await page.goto(`${stage.url}/access?view=people&q=zoe`);
  await zoe.waitFor();
  await page.unroute('**/api/v1/people*');

  expect(isThereAtOnce).toBe(false);
});

function person(login: string): object {
  return { reference: `user/${login}`, name: null, email: null, zone: null, active: true, teams: [] };
}

test('the palette does what the page can do, says why not, and gives the focus back', async () => {
  await page.goto(`${stage.url}/runs/1`);
  await page.getByRole('heading', { level: 1, name: /Run 1/ }).waitFor();
  const palette = page.getByRole('dialog', { name: 'Go to' });

  await page.keyboard.press('Control+k');
  await palette.getByRole('combobox').fill('retry');
  await palette.getByText('It is still going on').waitFor();
  await palette.getByRole('combobox').fill('pause');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Pause run 1' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const back = await focused();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Next and previous row of a list').waitFor();
  await page.keyboard.press('Escape');

  expect(back).toBe('Pause');
});

test('somebody who writes in the editor indents by Tab, takes back by Ctrl Z, and leaves it by Escape and Tab', async () => {
  await page.goto(`${stage.url}/editor?kind=Runbook&name=hello`);
  const editor = page.getByRole('textbox', { name: 'YAML of the definition' });
  await editor.click();
  const before = await editor.textContent();

  await page.keyboard.press('Control+End');
  await page.keyboard.press('Tab');
  await page.keyboard.type('# j and k are letters here');
  const written = await editor.textContent();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  const takenBack = await editor.textContent();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  const isInside = await page.evaluate("document.activeElement.classList.contains('yaml-editor')");

  expect([written, takenBack, isInside]).toEqual([`${before ?? ''}  # j and k are letters here`, before, false]);
});

test('a runbook that is only written has no states: its graph says what each step does', async () => {
  await page.goto(`${stage.url}/definitions/Runbook/hello?tab=graph`);
  const graph = page.getByRole('region', { name: 'Graph' });
  await graph
    .getByText(/^uses · |^approval · |^set · |^exec · |^run · /)
    .first()
    .waitFor();

  expect(await graph.getByText('Pending').count()).toBe(0);
});

test('the grid renders the hosts that are seen, whether there are 2,000 or 10,000, and is gone through by keyboard', async () => {
  const rendered: number[] = [];
  for (const count of [2_000, 10_000]) {
    await page.route('**/api/v1/runs/*/hosts*', (route) =>
      route.fulfill({ json: { hosts: hostCells(count), next: null } }),
    );
    await page.goto(`${stage.url}/runs/1`);
    const grid = page.getByRole('listbox', { name: `${count} hosts` });
    await grid.focus();
    await page.keyboard.press('End');
    await grid.getByRole('option', { name: `host-${count}: Succeeded` }).waitFor();
    rendered.push(await grid.getByRole('option').count());
    await page.unroute('**/api/v1/runs/*/hosts*');
  }

  const [few = 0, many = 0] = rendered;
  expect(few).toBeLessThan(2_000);
  expect(many).toBeLessThanOrEqual(few + 100);
  expect(complaints).toEqual([]);
}, 120_000);

function hostCells(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    host: `host-${index + 1}`,
    step: 'greet',
    path: 'greet',
    status: 'succeeded',
  }));
}
