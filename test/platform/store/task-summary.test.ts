import { canonicalJson } from '../../../workflows/domain/canonical-json';
import { instantText, readTaskSummary } from '../../../platform/store/task-summary';
import { openVoting } from '../../support/voting';
import type { VotingScene } from '../../support/voting';
import { entry, runCreated } from './entries';

let scene: VotingScene;

beforeEach(async () => {
  scene = await openVoting();
});

afterEach(() => scene.close());

/** A plan with a rollout within a group, as the compiler leaves it: only what is shown of it. */
async function storePlan(): Promise<string> {
  const put = (value: Parameters<typeof canonicalJson>[0]): Promise<string> =>
    scene.store.blobs.putTemporary(Buffer.from(canonicalJson(value)));
  const first = await put({ hosts: [{ name: 'web1' }, { name: 'web2' }] });
  const second = await put({ hosts: [{ name: 'web3' }] });
  const rollout = { kind: 'rollout', id: 'deploy', set: 's', waves: [{ count: 1 }, { percent: 100 }], steps: [] };
  return put({
    program: { steps: [{ kind: 'group', id: 'all', steps: [rollout] }] },
    targetSets: { s: { count: 3, shards: [first, second] } },
  });
}

async function wavesOf(): Promise<readonly string[] | undefined> {
  const [task] = await scene.store.views.tasks({ id: 'r1-1' });
  if (task === undefined) throw new Error('no task');
  const { facts } = await readTaskSummary(scene.store, task, null);
  return facts.find(({ name }) => name === 'Waves')?.lines;
}

test('readTaskSummary() names the hosts of each wave of the plan of a run', async () => {
  const planDigest = await storePlan();
  await scene.store.journal.append('run/r1', [{ ...runCreated({ planDigest }), key: 'created again' }]);

  expect(await wavesOf()).toEqual(['wave 1: web1', 'wave 2: web2, web3']);
});

test('readTaskSummary() names the hosts of each wave of the plan of a change', async () => {
  const planDigest = await storePlan();
  const planned = { generation: 1, planHash: 'h', planDigest, definition: 'release', hosts: 3, items: [] };
  await scene.store.journal.append('run/c1', [
    entry('change.opened', { number: 1, title: 'Release', model: 'normal', requester: 'user/carl', draft: {} }),
    entry('change.planned', planned, { key: 'planned' }),
  ]);
  const [task] = await scene.store.views.tasks({ id: 'r1-1' });
  if (task === undefined) throw new Error('no task');

  const { facts } = await readTaskSummary(scene.store, { ...task, runId: 'c1' }, null);

  expect(facts).toContainEqual({ name: 'Waves', lines: ['wave 1: web1', 'wave 2: web2, web3'] });
});

test('a plan that is not at hand keeps nobody from voting', async () => {
  expect(await wavesOf()).toBeUndefined();
});

test.each([
  [null, '2026-03-29 00:30 UTC'],
  ['UTC', '2026-03-29 00:30 UTC'],
  ['Europe/Berlin', '2026-03-29 01:30 Europe/Berlin (2026-03-29 00:30 UTC)'],
  ['Europe/Nowhere', '2026-03-29 00:30 UTC'],
])('instantText() in the zone %j is %s', (zone, text) => {
  expect(instantText(Date.parse('2026-03-29T00:30:00Z'), zone)).toBe(text);
});
