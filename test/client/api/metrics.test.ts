import { streamOf } from '../../../workflows/domain/streams';
import { runCreated, taskOpened } from '../../platform/store/entries';
import { authorized, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';

let api: TestApi;

beforeEach(async () => {
  api = await testApi(fakeEngine());
});

afterEach(() => api.close());

async function metrics(): Promise<readonly string[]> {
  const response = await api.app.inject({ method: 'GET', url: '/metrics', headers: authorized });
  return response.body.split('\n');
}

test('open runs and tasks, workers and deliveries are told as they are found', async () => {
  await api.store.journal.append(streamOf('ra'), [runCreated(), taskOpened({ openedAt: Date.now() - 60_000 })]);

  const lines = await metrics();

  expect(lines).toEqual(
    expect.arrayContaining([
      'mainstay_open_runs{state="pending"} 1',
      'mainstay_open_runs{state="running"} 0',
      'mainstay_open_tasks 1',
      'mainstay_workers 1',
      'mainstay_event_viewers 0',
      'mainstay_webhook_deliveries{state="dead"} 0',
    ]),
  );
  const age = lines.find((line) => line.startsWith('mainstay_oldest_task_age_seconds ')) ?? '';
  expect(Number(age.split(' ')[1])).toBeGreaterThanOrEqual(60);
});

test('requests are counted under the route as it is declared, however they were written', async () => {
  for (const url of ['/api/v1/runs/1/steps', '/api/v1/runs/2/steps', '/nothing/1', '/nothing/2'])
    await api.app.inject({ method: 'GET', url, headers: authorized });

  const counts = (await metrics()).filter((line) => line.startsWith('mainstay_http_request_duration_seconds_count'));

  expect(counts).toEqual([
    'mainstay_http_request_duration_seconds_count{method="GET",route="/api/v1/runs/:ref/steps",status="404"} 2',
    expect.stringMatching(/route="(none|\/\*)",status="404"\} 2$/),
  ]);
});

test('metrics are told to those who may read them, and to nobody else', async () => {
  expect((await api.app.inject({ method: 'GET', url: '/metrics' })).statusCode).toBe(401);
});
