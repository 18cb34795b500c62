import { createHash } from 'node:crypto';

import { createEngine } from '../../client/run-engine';
import { hashPlan } from '../../definitions/plan-hash';
import type { PlanBundle } from '../../activities/plans/plan-bundle';
import type { RunInput } from '../../workflows/runbook/messages';
import { testApi } from '../support/client/api';
import { fakeEngine } from '../support/client/fake-engine';
import { fakeGateway } from '../support/client/fake-gateway';
import { planBundle } from '../support/client/plan';
import { grantText, publish } from '../support/client/signed-in';

/** The same plan for so many hosts, with an address that nothing else has. */
function bundleFor(hostCount: number): PlanBundle {
  return bundleWithHosts(Array.from({ length: hostCount }, (_, index) => `web${index}`));
}

function bundleWithHosts(names: readonly string[]): PlanBundle {
  const host = { port: 22, user: 'ops', labels: {}, groups: [], vars: { note: 'only-here' }, steps: {} };
  const hosts = names.map((name) => ({ ...host, name, address: '192.0.2.7' }));
  const hostCount = names.length;
  const blobs: { [digest: string]: Uint8Array } = {};
  const shards: string[] = [];
  for (let from = 0; from < hostCount; from += 100) {
    const bytes = Buffer.from(JSON.stringify({ hosts: hosts.slice(from, from + 100) }));
    const digest = createHash('sha256').update(bytes).digest('hex');
    blobs[digest] = new Uint8Array(bytes);
    shards.push(digest);
  }
  const { plan } = planBundle();
  const unhashed = { ...plan, targetSets: { web: { count: hostCount, shards } } };
  return { plan: { ...unhashed, planHash: hashPlan(unhashed).planHash }, blobs };
}

async function inputFor(hostCount: number): Promise<RunInput | undefined> {
  const api = await testApi(fakeEngine());
  const gateway = fakeGateway();
  const engine = createEngine({ store: api.store, gateway, now: () => 1_000 });
  await engine.start({ ...bundleFor(hostCount), requester: 'user/anna', via: 'cli' });
  await api.close();
  return gateway.started[0]?.input;
}

// D5: Temporal refuses a start input of 2.5 MB; hosts are in the store, by digest, and the input says only how many there are.
test('the input of a run holds nothing of its hosts but their number, and does not grow with them (D5)', async () => {
  const [few, many] = [await inputFor(1), await inputFor(2_000)];

  expect(many).toMatchObject({ targetCounts: { web: 2_000 } });
  for (const input of [few, many]) expect(JSON.stringify(input)).not.toMatch(/192\.0\.2\.7|web0|only-here/);
  expect(JSON.stringify(many).length - JSON.stringify(few).length).toBeLessThan(10);
});

test('a start that is cut off before it is journaled leaves nothing in the store (S4)', async () => {
  const api = await testApi(fakeEngine());
  const bundle = bundleFor(1);
  const journal = { ...api.store.journal, append: () => Promise.reject(new Error('cut off')) };
  const engine = createEngine({ store: { ...api.store, journal }, gateway: fakeGateway(), now: () => 1_000 });

  const starting = engine.start({ ...bundle, requester: 'user/anna', via: 'cli' });

  await expect(starting).rejects.toThrow('cut off');
  const digests = [hashPlan(bundle.plan).planDigest, ...Object.keys(bundle.blobs)];
  expect(await Promise.all(digests.map((digest) => api.store.blobs.get(digest)))).toEqual([null, null]);
  await api.close();
});

test('a request that arrives twice at once starts one run, and both are told which (B3)', async () => {
  const api = await testApi(fakeEngine());
  const engine = createEngine({ store: api.store, gateway: fakeGateway(), now: () => 1_000 });
  const request = { ...bundleFor(1), requester: 'user/anna', via: 'cli', idempotencyKey: 'once' };

  const [one, other] = await Promise.all([engine.start(request), engine.start(request)]);

  expect(other).toEqual(one);
  expect(await api.store.journal.read(`run/${one.id}`)).toHaveLength(1);
  await api.close();
});

test.each([
  ['another plan', bundleFor(2)],
  ['another requester', { requester: 'user/eve' }],
  ['other labels', { labels: { ticket: 'INC1' } }],
  ['other labels', { check: true }],
])('the same idempotency key with %s is a conflict, and starts nothing', async (found, change) => {
  const api = await testApi(fakeEngine());
  const gateway = fakeGateway();
  const engine = createEngine({ store: api.store, gateway, now: () => 1_000 });
  const request = { ...bundleFor(1), requester: 'user/anna', via: 'cli', idempotencyKey: 'once' };
  await engine.start(request);

  const again = engine.start({ ...request, ...change });

  await expect(again).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', message: expect.stringContaining(found) });
  expect(gateway.started).toHaveLength(1);
  await api.close();
});

test('a run is of the scope of what its plan was made from; its own labels fill in only what that leaves open', async () => {
  const api = await testApi(fakeEngine());
  const engine = createEngine({ store: api.store, gateway: fakeGateway(), now: () => 1_000 });
  await publish(api.store, grantText('ops', '{role: viewer, people: [user/ben], where: {team: [ops], env: [prod]}}'));

  const run = await engine.start({
    ...bundleFor(1),
    requester: 'user/anna',
    via: 'cli',
    scope: { env: ['prod'] },
    labels: { env: 'staging', team: 'ops', ticket: 'INC1' },
  });

  expect(run).toMatchObject({ labels: { env: 'staging' }, scope: { env: ['prod'], team: ['ops'] } });
  await api.close();
});

test('a label by which nobody selects makes no scope for each run, and runs are found by it all the same', async () => {
  const api = await testApi(fakeEngine());
  const engine = createEngine({ store: api.store, gateway: fakeGateway(), now: () => 1_000 });
  const start = (ticket: string) =>
    engine.start({ ...bundleFor(1), requester: 'user/anna', via: 'cli', scope: {}, labels: { ticket } });
  for (const ticket of ['INC-1', 'INC-2', 'INC-3']) await start(ticket);

  const found = await engine.runs({ labels: [{ name: 'ticket', value: 'INC-2' }] });

  expect(found.map(({ labels }) => labels)).toEqual([{ ticket: 'INC-2' }]);
  expect(await api.store.scopes.list()).toHaveLength(1);
  await api.close();
});

test('a run is found by the hosts of its plan', async () => {
  const api = await testApi(fakeEngine());
  const engine = createEngine({ store: api.store, gateway: fakeGateway(), now: () => 1_000 });
  const bundle = bundleWithHosts(['web-03.example.com', 'db-1']);
  await engine.start({ ...bundle, requester: 'user/anna', via: 'cli' });

  const found = async (text: string) => (await engine.runs({ text })).length;

  expect([await found('web-03'), await found('DB-1'), await found('web-04'), await found('db-03')]).toEqual([
    1, 1, 0, 0,
  ]);
  await api.close();
});

test('a plan that somebody brings is of the scope of its runbook only where that very text is published', async () => {
  const api = await testApi(fakeEngine());
  const engine = createEngine({ store: api.store, gateway: fakeGateway(), now: () => 1_000 });
  const bundle = bundleFor(1);
  const { name, version } = bundle.plan.program.definition;
  const text = 'kind: Runbook\nmetadata: { labels: { env: prod } }\n';
  const digest = createHash('sha256').update(text).digest('hex');
  await api.store.definitions.publish(
    { kind: 'Runbook', name, version, digest, text, files: {} },
    { actor: 'user/anna', via: 'test', at: 1 },
  );
  const published = { ...bundle.plan.program, definition: { ...bundle.plan.program.definition, digest } };
  const same = { ...bundle.plan, program: published };

  const [other, run] = [
    await engine.start({ ...bundle, requester: 'user/anna', via: 'cli' }),
    await engine.start({
      ...bundle,
      plan: { ...same, planHash: hashPlan(same).planHash },
      requester: 'user/anna',
      via: 'cli',
    }),
  ];

  expect([other.scope, run.scope]).toEqual([{}, { env: ['prod'] }]);
  await api.close();
});
