import { host, hosts, onHosts, openFixture, request, runId, task } from './fixture';
import type { Fixture } from './fixture';
import { rollout } from '../../workflows/runbook/plans';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});

afterEach(() => fixture.close());

function acquire(names: readonly string[], owner = runId): Promise<{ readonly token: number | null }> {
  return fixture.store.locks.acquire({ runId: owner, path: 'run', names, at: 1 });
}

// D3, D13: a host refuses a lower token than it has seen, so every call must bring the token of every lock that its run holds.
describe('the tokens of locks go with a call to the host (D3, D13)', () => {
  test('all that the run holds, and none of another run', async () => {
    await acquire(['service/other'], 'r-other');
    const { token } = await acquire(['host/db1', 'service/shop']);
    const plan = await fixture.planned([task('install')], hosts(1), { locks: ['host/db1', 'service/shop'] });

    await fixture.run(request(plan, 'install', onHosts(1)));

    expect(token).toBeGreaterThan(1);
    expect(fixture.calls[0]?.context.fences).toEqual({ 'host/db1': token, 'service/shop': token });
  });

  test('also where the names differ from host to host', async () => {
    const { token } = await acquire(['host/web1']);
    const web1 = host('web1', { steps: { install: { locks: ['host/web1'] } } });
    const plan = await fixture.planned([task('install', { hostLocks: true })], [web1]);

    await fixture.run(request(plan, 'install', onHosts(1)));

    expect(fixture.calls[0]?.context.fences).toEqual({ 'host/web1': token });
  });

  // R-ROLL-1: a zombie of a run whose seat was freed must not touch the host any more.
  test('seats of redundancy groups too, each for its own host only', async () => {
    const names = ['redundancy/web/web1', 'redundancy/web/web9'];
    const seats = { hosts: names.map((name) => [name]), limits: { web: 2 } };
    const { token } = await fixture.store.locks.acquire({ runId, path: 'up/seats', names, seats, at: 1 });
    const plan = await fixture.planned([rollout('up', [task('install')], { redundancy: { web: 2 } })], hosts(1));

    await fixture.run(request(plan, 'install', onHosts(1)));

    expect(token).toBeGreaterThan(0);
    expect(fixture.calls[0]?.context.fences).toEqual({ 'redundancy/web/web1': token });
  });
});
