import { actNames, actRefusal } from '../../../../../client/console/pages/changes/act-model';
import { changeLifecycle } from '../../../../../workflows/change/lifecycle';
import { actsIn } from '../../../../../workflows/change/messages';

describe('actRefusal()', () => {
  it.each(changeLifecycle.states)('refuses in %s what the engine refuses there, and nothing else', (phase) => {
    const allowed = actNames.filter((act) => actRefusal(phase, act) === null);

    expect([...allowed].sort()).toEqual([...actsIn[phase]].sort());
  });

  it('says in which phases it would be allowed', () => {
    expect(actRefusal('draft', 'extend')).toBe('It is draft. A change can be extended while it is implementing.');
  });

  it('knows nothing of a phase that it does not know', () => {
    expect(actRefusal('sleeping', 'submit')).toContain('"sleeping"');
  });
});
