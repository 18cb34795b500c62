import { acquireSeats, releaseSeats } from '../../../activities/lookups/seats';
import { host, openFixture } from '../runtime/fixture';
import type { Fixture } from '../runtime/fixture';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.close());

const members = ['web1', 'web2', 'web3'].map((name) => host(name, { steps: { up: { redundancy: ['web'] } } }));
const alone = host('batch1');

function asked(planDigest: string, runId: string, indices: readonly number[]) {
  return { runId, path: 'up/seats', planDigest, at: 'up', set: 'all', indices, limits: { web: 2 } };
}

async function seatsHeld(): Promise<readonly string[]> {
  const rows = await fixture.store.locks.list();
  return rows.map(({ name, runId, state }) => `${name} ${runId} ${state}`);
}

test('acquireSeats() seats as many hosts as there is room for; who is in no group needs none (R-ROLL-1)', async () => {
  const { store, plans } = fixture.deps;
  const plan = await fixture.planned([], [alone, ...members]);

  const answer = await acquireSeats({ store, plans }, asked(plan, 'r1', [0, 1, 2, 3]));
  const other = await acquireSeats({ store, plans }, asked(plan, 'r2', [3]));
  const groupless = await acquireSeats({ store, plans }, asked(plan, 'r3', [0]));

  expect(answer).toEqual({ hosts: 3, heldBy: [], isStuck: false });
  expect(other).toEqual({ hosts: 0, heldBy: ['r1'], isStuck: false });
  expect(groupless).toEqual({ hosts: 1, heldBy: [], isStuck: false });
  expect(await seatsHeld()).toEqual(['redundancy/web/web1 r1 held', 'redundancy/web/web2 r1 held']);
});

test('releaseSeats() frees who is back, leaves the others to people, and says who may go on (D13)', async () => {
  const { store, plans } = fixture.deps;
  const plan = await fixture.planned([], members);
  const request = asked(plan, 'r1', [0, 1]);
  await acquireSeats({ store, plans }, request);
  await acquireSeats({ store, plans }, asked(plan, 'r2', [2]));

  const { due } = await releaseSeats({ store, plans }, { ...request, back: [0], out: [1] });
  const next = await acquireSeats({ store, plans }, asked(plan, 'r2', [2]));
  const own = await acquireSeats({ store, plans }, asked(plan, 'r1', [0]));

  expect(due).toEqual(['r2']);
  expect(next.hosts).toBe(1);
  expect(own).toEqual({ hosts: 0, heldBy: ['r1', 'r2'], isStuck: false });
  expect(await seatsHeld()).toEqual(['redundancy/web/web2 r1 orphaned', 'redundancy/web/web3 r2 held']);
});
