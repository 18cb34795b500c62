import { hosts, onHosts, openFixture, request, task } from './fixture';
import type { Fixture } from './fixture';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});

afterEach(() => fixture.close());

// D2: the signal also fires when the worker stops. Whatever is answered then would be taken for what the hosts said.
describe('perform() that is aborted (D2)', () => {
  test('answers nothing and starts no further host; the next attempt takes all of them to the end', async () => {
    const plan = await fixture.planned([task('install')], hosts(3));
    const controller = new AbortController();
    fixture.behave(() => {
      controller.abort(new Error('worker stops'));
      return {};
    });
    const asked = request(plan, 'install', { ...onHosts(3), parallel: 1 });

    await expect(fixture.run(asked, { signal: controller.signal })).rejects.toThrow('worker stops');
    const started = fixture.calls.length;
    const reply = await fixture.run(asked, { number: 2 });

    expect(started).toBe(1);
    expect(reply.statuses).toBe('sss');
  });

  test('writes no row for a host that it stopped watching, however often it was tried before', async () => {
    const plan = await fixture.planned([task('install')], hosts(1));
    const controller = new AbortController();
    fixture.behave(() => {
      controller.abort(new Error('worker stops'));
      throw new Error('stopped watching');
    });

    const asked = request(plan, 'install', onHosts(1));

    await expect(fixture.run(asked, { signal: controller.signal, number: 5 })).rejects.toThrow();
    // Whatever was on its way to the store is there now.
    await new Promise(setImmediate);
    await fixture.store.nextRunNumber();

    expect(await fixture.rows()).toEqual([]);
  });
});

// D1: nobody knows whether an unknown host is well, so it counts until somebody says so.
test('an unknown host counts like a failed one against what may fail (D1)', async () => {
  const plan = await fixture.planned([task('install')], hosts(3));
  fixture.behave(() => ({ status: 'unknown' }));

  const reply = await fixture.run(request(plan, 'install', { ...onHosts(3), parallel: 1, stopAfterFailures: 1 }));

  expect(reply.statuses).toBe('unn');
});
