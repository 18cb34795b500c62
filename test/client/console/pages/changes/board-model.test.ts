import { boardColumns, boardOf, stationsOf } from '../../../../../client/console/pages/changes/board-model';
import { changeLifecycle } from '../../../../../workflows/change/lifecycle';

describe('boardOf()', () => {
  it('has a column for every phase of a change, and each phase in one only', () => {
    const shown = boardColumns.flatMap(({ phases }) => phases);

    expect([...shown].sort()).toEqual([...changeLifecycle.states].sort());
  });

  it('puts a change where its phase says', () => {
    const columns = boardOf([{ phase: 'held' }, { phase: 'reviewing' }, { phase: 'authorising' }]);

    const filled = columns.filter(({ changes }) => changes.length > 0).map(({ title }) => title);
    expect(filled).toEqual(['Asking', 'Held', 'Review']);
  });
});

describe('stationsOf()', () => {
  it.each(changeLifecycle.states)('shows where a change in %s is', (phase) => {
    expect(stationsOf(phase, null).filter(({ state }) => state === 'here')).toHaveLength(1);
  });

  it.each([
    ['standard', ['Assessing', 'Authorising']],
    ['emergency', ['Assessing']],
    ['normal', []],
    [null, []],
  ])('of a %s change leaves out %j', (type, expected) => {
    const left = stationsOf('scheduled', type).filter(({ state }) => state === 'left-out');

    expect(left.map(({ title }) => title)).toEqual(expected);
  });
});
