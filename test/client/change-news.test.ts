import { RequestError } from '../../client/api/errors';
import type { ChangeDraft } from '../../workflows/change/schema';
import { useStore } from '../activities/changes/bed';
import { changeState } from '../platform/store/change-entries';
import { fakeChanges } from '../support/client/fake-changes';

const store = useStore();

const draft: ChangeDraft = {
  model: 'change/normal',
  runbook: 'deploy',
  title: 'Deploy the shop',
  window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z' },
};

test.each([
  ['Calendar', 'scheduled', true],
  ['Calendar', 'authorising', false],
  ['Person', 'authorising', true],
  ['Inventory', 'held', true],
  ['Connection', 'scheduled', false],
])('R-FREEZE-2, R-APPR-4: a published %s makes a change that is %s look again: %s', async (kind, phase, isTold) => {
  const changes = fakeChanges(store());
  const { id } = await changes.engine.open({ draft, requester: 'user/anna', via: 'cli' });
  await store().journal.append(`run/${id}`, [changeState(phase)]);

  await changes.engine.announce([kind]);

  expect(changes.told).toEqual(isTold ? [id] : []);
});

test('publishing does not fail because the changes could not be told', async () => {
  const changes = fakeChanges(store());
  const { id } = await changes.engine.open({ draft, requester: 'user/anna', via: 'cli' });
  await store().journal.append(`run/${id}`, [changeState('scheduled')]);
  changes.fail(new RequestError('ENGINE_UNAVAILABLE', 'Cannot reach Temporal: no connection'));

  await expect(changes.engine.announce(['Calendar'])).resolves.toBeUndefined();
});
