import { parsePlan } from '../../../activities/plans/plan-bundle';
import { planProvider } from '../../../activities/plans/plan-provider';
import { PublishedShelf } from '../../../activities/plans/published-shelf';
import type { JsonObject } from '../../../workflows/domain/json';
import { surroundings } from '../../definitions/backup-documents';
import { useStore } from '../changes/bed';
import { publish } from './backup-bed';

const store = useStore();

const runbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: backup/fake/list, version: 1.0.0, owner: team/ops }
spec:
  inputs:
    host: { type: host }
    repository: { type: string }
    depth: { type: integer, default: 3 }
    password: { type: secret, required: false }
  steps:
    - id: look
      targets: \${{ inputs.host.name }}
      exec: [look, '\${{ inputs.repository }}', '\${{ inputs.depth }}']
      env: { PASSWORD: '\${{ inputs.password }}' }
      effect: read
`;

async function plan(inputs: JsonObject, inventory: string | null = 'lab') {
  await publish(store(), surroundings.replaceAll('{name: web1}', '{name: web1, user: ops}'), runbook);
  return planProvider(
    { store: store(), shelf: new PublishedShelf(store()) },
    { operationId: 'b1', requester: 'user/anna', owner: 'team/shop', runbook: 'backup/fake/list', inventory, inputs },
  );
}

const given = { host: 'web1', service: 'shop', repository: '/backup', source: ['/srv'], password: 'vault:backup#shop' };

test('a role is planned with the inputs that it declares, and the plan is in the store with its hosts', async () => {
  const planned = await plan(given);

  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  expect(planned.program.inputs).toMatchObject({ repository: '/backup', depth: 3 });
  expect(Object.keys(planned.program.inputs)).not.toContain('service');
  expect(Object.values(planned.targetCounts)).toEqual([1]);
  const bytes = await store().blobs.get(planned.planDigest);
  const kept = parsePlan(bytes ?? new Uint8Array());
  expect(kept.planHash).toBe(planned.planHash);
  const [shard = ''] = Object.values(kept.targetSets).flatMap(({ shards }) => shards);
  expect(Buffer.from((await store().blobs.get(shard)) ?? []).toString()).toContain('web1');
});

test('a secret goes into the plan as its reference', async () => {
  const planned = await plan(given);

  expect('program' in planned && JSON.stringify(planned.program.steps)).toContain('"secret":"vault:backup#shop"');
  // The team of the library needs no grant on what the plan of another team names.
  expect(planned).toMatchObject({ program: { definition: { owner: 'team/shop' } } });
});

test('without an inventory it is the only one that is published', async () => {
  expect(await plan(given, null)).toMatchObject({ program: { definition: { name: 'backup/fake/list' } } });
});

test('a role that is planned twice stands in the journal of the operation once', async () => {
  await plan(given);
  await plan(given);

  const entries = await store().journal.read('run/b1');
  expect(entries.map(({ kind, payload }) => [kind, JSON.parse(payload ?? '').what])).toEqual([
    ['backup.step', 'planned'],
  ]);
});

test.each([
  ['an unknown runbook', { runbook: 'backup/fake/none' }, 'DEFINITION_NOT_FOUND'],
  ['an unknown inventory', { inventory: 'none' }, 'UNKNOWN_REFERENCE'],
  ['an unknown host', { inputs: { ...given, host: 'web9' } }, 'INVALID_INPUT'],
  ['a missing input', { inputs: { host: 'web1' } }, 'MISSING_INPUT'],
])('%s is told, and nothing is kept', async (_what, over, code) => {
  await publish(store(), surroundings, runbook);
  const asked = {
    operationId: 'b1',
    requester: 'user/anna',
    owner: 'team/shop',
    runbook: 'backup/fake/list',
    inventory: 'lab',
    inputs: given,
  };

  const answer = await planProvider({ store: store(), shelf: new PublishedShelf(store()) }, { ...asked, ...over });

  expect('problems' in answer && answer.problems.map((problem) => problem.code)).toEqual([code]);
  expect(await store().journal.read('run/b1')).toEqual([]);
});
