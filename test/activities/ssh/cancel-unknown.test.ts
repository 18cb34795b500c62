import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { Bench, hostAt } from './support';

// D2: whoever cannot be asked has not answered. Taken for "never started", the run would end while a job still works.
describe('cancel of a job that was dispatched (D2)', () => {
  let fleet: Fleet;
  let bench: Bench;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 2, kind: await fleetKind() });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  const dispatched = { rootId: 'another-root', bootId: 'another-boot' };

  function cancel(index: number, earlier: typeof dispatched | null): Promise<string | undefined> {
    const worker = bench.worker({ connectWithinMs: 300 });
    const context = bench.context(hostAt(fleet, index), { path: `p${index}${earlier === null ? '' : 'd'}` });
    return Promise.resolve(worker.operations['run']?.cancel?.({}, { ...context, earlier, graceMs: 1_000 }));
  }

  test('is unknown while the host cannot be reached; what was never sent had not started', async () => {
    await fleet.stopHost(hostAt(fleet, 0).name);

    expect([await cancel(0, dispatched), await cancel(0, null)]).toEqual(['unknown', 'pending']);
  });

  test('is unknown when the host has another job root or another boot than the job was sent to', async () => {
    expect([await cancel(1, dispatched), await cancel(1, null)]).toEqual(['unknown', 'pending']);
  });
});
