import { commandsFor } from '../../../../client/console/shell/command-model';
import type { Findable } from '../../../../client/console/shell/command-model';

const found: Findable = {
  actions: [
    { title: 'Pause', refused: null, act: () => undefined },
    { title: 'Retry', refused: 'It is still going on.', act: () => undefined },
  ],
  pages: [
    { to: '/', title: 'Home' },
    { to: '/runs', title: 'Runs' },
  ],
  runs: [{ number: 7, definition: { name: 'web/upgrade', title: 'Upgrade the web' } }],
  runbooks: ['web/upgrade'],
  plans: ['shop-files'],
  inventories: ['shop'],
};

function titles(text: string): readonly string[] {
  return commandsFor(text, found).map(({ kind, title }) => `${kind}: ${title}`);
}

describe('commandsFor()', () => {
  it('offers what can be done here before everything else', () => {
    expect(titles('').slice(0, 3)).toEqual(['Here: Pause', 'Page: Home', 'Page: Runs']);
  });

  it('finds all words in any order, and whatever is called so', () => {
    expect(titles('upgrade web').slice(0, 2)).toEqual(['Start: web/upgrade', 'Runbook: web/upgrade']);
    expect(titles('shop')).toEqual(['Backups: shop-files', 'Inventory: shop', 'Run: Run 7 Upgrade the web']);
  });

  it('says why not of what is looked for and refused now', () => {
    expect(commandsFor('retry', found)[0]?.goal).toEqual({ kind: 'refused', reason: 'It is still going on.' });
  });

  it.each([
    ['7', ['Run: Run 7', 'Change: CHG-7']],
    ['#7', ['Run: Run 7', 'Change: CHG-7']],
    ['chg-12', ['Change: CHG-12', 'Run: Run 7 Upgrade the web']],
  ])('leads by the number %s to %j, each place once', (text, expected) => {
    expect(titles(text)).toEqual(expected);
  });
});
