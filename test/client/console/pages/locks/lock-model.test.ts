import { freeRefusal, locksShown } from '../../../../../client/console/pages/locks/lock-model';

const locks = [
  { name: 'service/shop', state: 'held' },
  { name: 'host/db1', state: 'held' },
  { name: 'host/web1', state: 'orphaned' },
] as const;

describe('locksShown()', () => {
  it.each([
    [{}, ['host/web1', 'host/db1', 'service/shop']],
    [{ name: 'host/' }, ['host/web1', 'host/db1']],
    [{ state: 'held' }, ['host/db1', 'service/shop']],
    [{ name: 'nothing' }, []],
  ])('with %j shows %j: what a person has to look at comes first', (filters, names) => {
    expect(locksShown(locks, filters).map(({ name }) => name)).toEqual(names);
  });
});

describe('freeRefusal()', () => {
  it('lets nobody free what a run at work holds', () => {
    expect(freeRefusal({ name: 'host/db1', state: 'held' })).toContain('at work');
    expect(freeRefusal({ name: 'host/db1', state: 'orphaned' })).toBeNull();
  });
});
