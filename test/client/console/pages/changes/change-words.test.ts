import { changeWord, isPhase, verdictWord } from '../../../../../client/console/pages/changes/change-words';
import { changeLifecycle } from '../../../../../workflows/change/lifecycle';

describe('changeWord()', () => {
  it.each(changeLifecycle.states)('has a word for %s', (phase) => {
    expect(isPhase(phase)).toBe(true);
    expect(changeWord({ phase, outcome: null }).word).not.toBe(phase);
  });

  it('tells what is over by how it ended', () => {
    expect(changeWord({ phase: 'closed', outcome: 'backed-out' })).toEqual({ word: 'Backed out', tone: 'odd' });
  });
});

describe('verdictWord()', () => {
  it.each(['clear', 'warned', 'unresolved', 'held', 'blocked'])('has a word for %s', (verdict) => {
    expect(verdictWord(verdict).word).not.toBe(verdict);
  });
});
