import { loadProgram, planChange, removedHosts } from '../../../activities/plans/plan-change';
import { PublishedShelf } from '../../../activities/plans/published-shelf';
import { createRegistry } from '../../../client/published-registry';
import type { PlannedForChange } from '../../../workflows/change/messages';
import type { ChangeDraft } from '../../../workflows/change/schema';
import { useStore } from '../changes/bed';

const store = useStore();

const runbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: deploy, version: 1.0.0, title: Deploy, owner: team/web }
spec:
  steps:
    - id: roll
      rollout: { targets: '\${{ inventory.hosts }}', waves: [1, 100%], onFailure: undo }
      steps: [{ id: install, exec: [install], estimate: 10m, undo: { exec: [uninstall], estimate: 5m } }]
`;
const model = `apiVersion: mainstay/v1
kind: ChangeModel
metadata: { name: quick, version: 1.0.0 }
spec: { type: standard, changeManagers: [user/mara], dutyManagers: [user/dora] }
`;

function inventory(version: string, ...names: readonly string[]): string {
  const hosts = names.map((name) => `{ name: ${name}, user: ops, groups: [web] }`).join(', ');
  return `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: { name: lab, version: ${version} }\nspec: { groups: { web: {} }, hosts: [${hosts}] }\n`;
}

async function publish(...texts: readonly string[]): Promise<void> {
  const sources = texts.map((text, index) => ({ name: `${index}.yaml`, text, files: {} }));
  await createRegistry(store()).apply(sources, { actor: 'user/anna', via: 'test' });
}

const draft: ChangeDraft = {
  model: 'quick',
  runbook: 'deploy',
  inventory: 'lab',
  title: 'Deploy',
  window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z' },
};

function plan(over: { readonly generation?: number; readonly previous?: string; readonly draft?: ChangeDraft } = {}) {
  const { generation = 1, previous = null } = over;
  const sources = { store: store(), shelf: new PublishedShelf(store()) };
  return planChange(sources, {
    changeId: 'c1',
    generation,
    requester: 'user/anna',
    draft: over.draft ?? draft,
    previous,
    at: 1,
  });
}

async function planned(over: Parameters<typeof plan>[0] = {}): Promise<PlannedForChange> {
  const answer = await plan(over);
  if ('problems' in answer) throw new Error(JSON.stringify(answer.problems));
  return answer;
}

async function codes(): Promise<readonly string[]> {
  const answer = await plan();
  return 'problems' in answer ? answer.problems.map(({ code }) => code) : [];
}

test('planChange() keeps the plan with its program, journals its items once, and predicts work and back-out', async () => {
  await publish(runbook, model, inventory('1.0.0', 'web1', 'web2'));

  const first = await planned();
  await planned();

  expect(first.plan).toMatchObject({ hosts: 2, source: 'runbook', pointOfNoReturn: false });
  expect(first.plan.work.p95Ms).toBe(20 * 60_000);
  expect(first.plan.work.backOutP95Ms).toBe(10 * 60_000);
  const entries = await store().journal.read('run/c1');
  expect(entries.map(({ kind }) => kind)).toEqual(['change.planned']);
  expect(JSON.parse(entries[0]?.payload ?? '')).toMatchObject({ items: ['host/web1', 'host/web2'] });
  const { program } = await loadProgram(store(), { planDigest: first.plan.planDigest });
  expect(program.definition.name).toBe('deploy');
});

test('R-APPR-9: a host more gives another hash, and a difference that names it', async () => {
  await publish(runbook, model, inventory('1.0.0', 'web1'));
  const before = await planned();
  await publish(inventory('1.1.0', 'web1', 'web2'));

  const after = await planned({ generation: 2, previous: before.plan.planDigest });

  expect(after.plan.planHash).not.toBe(before.plan.planHash);
  expect(after.difference).toContain('+ host web2');
});

test('R-ROLL-1: targets that planning now would not give any more are named', async () => {
  await publish(runbook, model, inventory('1.0.0', 'web1', 'web2', 'web3'));
  const { plan: approved } = await planned();
  await publish(inventory('1.1.0', 'web1', 'web3', 'web4'));

  const sources = { store: store(), shelf: new PublishedShelf(store()) };
  const { names } = await removedHosts(sources, { draft, planDigest: approved.planDigest });

  expect(names).toEqual(['web2']);
});

test.each([
  ['in no team that names hosts', 'spec: {members: [user/anna]}', []],
  ['whose team has the group', 'spec: {members: [user/anna], hosts: [group/web]}', []],
  ['whose team has one of them only', 'spec: {members: [user/anna], hosts: [web1]}', ['TARGET_OUT_OF_SCOPE']],
])('a target outside of the scope of a requester %s: %s', async (_who, spec, expected) => {
  await publish(
    runbook,
    model,
    inventory('1.0.0', 'web1', 'web2'),
    `apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: ops}\n${spec}\n`,
  );

  expect(await codes()).toEqual(expected);
});

test('R-WIN-2: what nobody can take back, and what nobody can tell the length of, is refused by name', async () => {
  const careless = runbook
    .replace(', estimate: 10m, undo: { exec: [uninstall], estimate: 5m }', '')
    .replace(', onFailure: undo', '');
  await publish(careless, model, inventory('1.0.0', 'web1'));

  const answer = await plan();

  const problems = 'problems' in answer ? answer.problems : [];
  expect(problems.map(({ code }) => code)).toEqual(['BACK_OUT_INCOMPLETE', 'DURATION_UNKNOWN']);
  expect(problems[1]?.message).toContain('install');
});

test('an unknown model and an unknown runbook are told', async () => {
  await publish(model);

  expect(await codes()).toEqual(['DEFINITION_NOT_FOUND']);
  const other = await plan({ draft: { ...draft, model: 'none' } });
  expect('problems' in other && other.problems.map(({ code }) => code)).toEqual(['MODEL_NOT_FOUND']);
});
