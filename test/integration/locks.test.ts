import { openStage } from './stage';
import type { Stage } from './stage';

const documents = `apiVersion: mainstay/v1
kind: Runbook
metadata: {name: holder, version: 1.0.0, owner: team/web}
spec:
  locks: [service/shop]
  steps:
    - {id: news, wait: {event: {name: goOn, since: run, due: PT1H, onDue: fail}}}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: waiter, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: work, uses: core.sleep, with: {for: PT0S}, locks: [service/shop]}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: wants-both, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: work, uses: core.sleep, with: {for: PT0S}, locks: [host/db, service/shop]}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: wants-db, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: work, uses: core.sleep, with: {for: PT0S}, locks: [host/db]}
`;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ documents });
}, 60_000);

afterAll(() => stage.close());

async function waits(runId: string): Promise<void> {
  await stage.until(runId, ({ state }) => state === 'waiting');
}

async function hold(): Promise<string> {
  const holder = await stage.start('holder');
  await stage.until(holder, ({ steps }) => steps.some(({ path }) => path === 'news'));
  return holder;
}

test('a release tells the runs that wait: they go on at once, in the order of asking (D13)', async () => {
  const holder = await hold();
  const waiters: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const waiter = await stage.start('waiter');
    await waits(waiter);
    waiters.push(waiter);
  }

  const releasedAt = Date.now();
  await stage.signal(holder);
  const ended = await Promise.all(waiters.map((id) => stage.until(id, ({ state }) => state === 'closed')));

  // Nobody looks again by himself for five minutes.
  expect(Date.now() - releasedAt).toBeLessThan(5_000);
  expect(ended.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(await grantedTo()).toEqual([holder, ...waiters]);
  expect(await stage.under.store.locks.waits()).toEqual([]);
}, 60_000);

test('a lock that a person frees goes to the run that waits for it, at once (D13)', async () => {
  const { store } = stage.under;
  await store.locks.acquire({ runId: 'rdead', path: 'run', names: ['service/shop'], at: 1 });
  await store.locks.orphan({ runId: 'rdead', at: 2 });
  const waiter = await stage.start('waiter');
  await waits(waiter);

  const freedAt = Date.now();
  await store.locks.free({ name: 'service/shop', by: 'user/anna', reason: 'looked at it', via: 'test', at: 3 });
  await stage.engine.wakeWaiting();

  expect(await stage.until(waiter, ({ state }) => state === 'closed')).toMatchObject({ outcome: 'succeeded' });
  expect(Date.now() - freedAt).toBeLessThan(5_000);
}, 60_000);

test('a run that is cancelled while it waits gives up its place, and those behind it go on (D13)', async () => {
  const holder = await hold();
  const gone = await stage.start('wants-both');
  await waits(gone);
  const behind = await stage.start('wants-db');
  await waits(behind);

  await stage.engine.control(gone, { action: 'cancel', actor: 'user/anna', via: 'test' });
  const ended = await stage.until(behind, ({ state }) => state === 'closed');

  expect(ended).toMatchObject({ outcome: 'succeeded' });
  expect(await stage.engine.show(holder)).toMatchObject({ state: 'waiting' });
  expect(await stage.under.store.locks.waits()).toEqual([]);
  await stage.signal(holder);
  await stage.until(holder, ({ state }) => state === 'closed');
}, 60_000);

async function grantedTo(): Promise<readonly string[]> {
  const entries = await stage.under.store.journal.read('locks');
  return entries.filter(({ kind }) => kind === 'lock.granted').map(({ key }) => key.split('/')[0] ?? '');
}
