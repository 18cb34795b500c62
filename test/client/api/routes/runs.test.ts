import { encodeBundle } from '../../../../activities/plans/plan-bundle';
import { createEngine } from '../../../../client/run-engine';
import { authorized, testApi } from '../../../support/client/api';
import { fakeGateway } from '../../../support/client/fake-gateway';
import { planBundle } from '../../../support/client/plan';

test('a run that only checks is marked by the engine, beside the labels of its caller', async () => {
  const gateway = fakeGateway();
  const api = await testApi((store) => createEngine({ store, gateway, now: () => 1_000 }));

  const started = await api.app.inject({
    method: 'POST',
    url: '/api/v1/runs',
    headers: authorized,
    payload: {
      ...encodeBundle(planBundle()),
      requester: 'user/anna',
      check: true,
      labels: { ticket: 'INC1', 'team/mainstay/x': 'y' },
    },
  });

  expect(started.json()).toMatchObject({
    labels: { ticket: 'INC1', 'team/mainstay/x': 'y', 'mainstay/check': 'true' },
  });
  expect(gateway.started).toMatchObject([{ input: { check: true } }]);
  await api.close();
});
