import { bodyOf, emptyBackupForm, planRefusal } from '../../../../../client/console/pages/backups/act-model';
import { backupActRoutes } from '../../../../../client/api/routes/backup-acts';

const form = { ...emptyBackupForm, reason: 'Orders are gone', name: 'audit 2026' };

describe('bodyOf()', () => {
  it.each(['run', 'verify', 'drill', 'restore', 'forget', 'pause', 'resume', 'hold', 'release'] as const)(
    'of %s is what the API takes',
    (act) => {
      const route = backupActRoutes.find(({ path }) => path.endsWith(`/${act}`));

      const parsed = route?.schemas.body.safeParse(bodyOf(form, { act, set: 'b1', at: '' }));

      expect(parsed?.success).toBe(true);
    },
  );

  it('restores as late as can be unless a moment is named', () => {
    expect(bodyOf(form, { act: 'restore', set: null, at: '' })).toMatchObject({ at: 'latest', over: false });
    expect(bodyOf(form, { act: 'restore', set: 'b1', at: '2026-11-20T09:14:00.000Z' })).toMatchObject({
      set: 'b1',
      at: '2026-11-20T09:14:00.000Z',
    });
  });
});

describe('planRefusal()', () => {
  const paused = { reason: '', by: 'user/anna', at: 1 };

  it.each([
    ['pause', null, true],
    ['pause', paused, false],
    ['resume', null, false],
    ['resume', paused, true],
    ['run', paused, true],
  ] as const)('%s of a plan that is paused by %j: %s', (act, standing, isAllowed) => {
    expect(planRefusal(act, { paused: standing }) === null).toBe(isAllowed);
  });
});
