import type { StepView } from '../../../client/engine';
import { faultyRelease, linked, openBalancedApp, restarted } from './balanced-app';
import type { BalancedApp } from './balanced-app';
import type { Visit } from '../../support/customers';

let shop: BalancedApp;

beforeAll(async () => {
  // What fails in the new release needs something that the hosts of wave two have, and that of wave one has not.
  shop = await openBalancedApp({ servers: 6, provokeFault: ['web2', 'web3'] });
}, 60_000);

afterAll(() => shop.close(), 60_000);

const answers = (visits: readonly Visit[]): readonly string[] =>
  [...new Set(visits.map(({ status, version }) => `${status} ${version}`))].toSorted();
const hosts = (visits: readonly Visit[]): readonly string[] => [...new Set(visits.map(({ host }) => host))].toSorted();

test('1 % errors in wave two: waves one and two go back, three is never touched, and customers see errors of the faulty release only, while it is in rotation (R-ROLL-3, R-ROLL-8)', async () => {
  const run = await shop.run('loadbalancing/rolling-release-haproxy', {
    release: faultyRelease,
    directory: 'app',
    waves: [1, '50%', '100%'],
    parallel: 3,
    // Ten errors are to be expected among the thousand of them that come from wave two.
    responses: 3000,
  });

  const { customers, apps, haproxy } = shop;
  const over = customers.visits.length;
  await customers.wait(200);
  expect([run.outcome, run.error?.code]).toEqual(['undone', 'GATE_NOT_PASSED']);
  expect(await linked(apps)).toEqual(['1.0.0', '1.0.0', '1.0.0', '1.0.0', '1.0.0', '1.0.0']);
  // Forth and back in waves one and two.
  expect(await restarted(apps)).toEqual([2, 2, 2, 0, 0, 0]);
  expect(await haproxy.statuses()).toEqual({ web1: 'UP', web2: 'UP', web3: 'UP', web4: 'UP', web5: 'UP', web6: 'UP' });
  const errors = customers.visits.filter(({ status }) => status !== 200);
  expect(errors.length).toBeGreaterThan(0);
  expect(answers(errors)).toEqual(['500 2.0.0']);
  const rejoined = (phase: string): StepView | undefined =>
    run.steps.find((step) => step.path === 'rollout/rejoin/rejoinReady' && step.phase === phase);
  const [inFrom, inUntil] = [Date.parse(rejoined('do')?.startedAt ?? ''), Date.parse(rejoined('undo')?.endedAt ?? '')];
  expect(errors.filter(({ at }) => !(at >= inFrom && at <= inUntil))).toEqual([]);
  expect(hosts(errors).filter((host) => host !== 'web2' && host !== 'web3')).toEqual([]);
  expect(hosts(customers.visits.filter(({ version }) => version === faultyRelease))).toEqual(['web1', 'web2', 'web3']);
  expect(answers(customers.visits.slice(over))).toEqual(['200 1.0.0']);
}, 150_000);
