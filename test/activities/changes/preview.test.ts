import { changePreviewer } from '../../../activities/changes/preview';
import type { ChangePreview, PreviewRequest } from '../../../activities/changes/preview';
import { createRegistry } from '../../../client/published-registry';
import type { ChangeDraft } from '../../../workflows/change/schema';
import { evening, hour, plan, useStore } from './bed';

const store = useStore();

const runbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: deploy, version: 1.0.0, title: Deploy the shop, owner: team/web }
spec:
  steps:
    - id: roll
      rollout: { targets: '\${{ inventory.hosts }}', waves: [1, 100%], onFailure: undo }
      steps:
        - { id: install, exec: [install], estimate: 10m, undo: { exec: [uninstall], estimate: 5m } }
`;
const inventory = `apiVersion: mainstay/v1
kind: Inventory
metadata: { name: lab, version: 1.0.0 }
spec:
  hosts: [{ name: web1, user: ops }, { name: web2, user: ops }]
  items: { service/shop: { runsOn: [host/web1, host/web2] } }
`;

function team(name: string, ...members: readonly string[]): string {
  return `apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: ${name}}\nspec: {members: [${members.join(', ')}]}\n`;
}

async function publish(...texts: readonly string[]): Promise<void> {
  const sources = texts.map((text, index) => ({ name: `${index}.yaml`, text, files: {} }));
  await createRegistry(store()).apply(sources, { actor: 'user/anna', via: 'test' });
}

const draft: ChangeDraft = {
  model: 'change/normal',
  runbook: 'deploy',
  title: 'Deploy the shop',
  window: { start: new Date(evening).toISOString(), end: new Date(evening + 4 * hour).toISOString(), cutoff: '30m' },
  answers: { impact: 'many', experience: 'often', backOut: 'elsewhere', spread: 'one' },
  items: ['service/shop'],
};

function preview(change: Partial<PreviewRequest> = {}): Promise<ChangePreview> {
  return changePreviewer(store())({
    changeId: null,
    draft,
    requester: 'user/anna',
    at: evening - 48 * hour,
    ...change,
  });
}

const web = team('web', 'user/anna');
const managers = team('change-managers', 'user/anna', 'user/mia', 'user/max');

test('a change that can be submitted is shown with plan, risk, approvers, times and items', async () => {
  await publish(runbook, inventory, web, managers);

  const { problems, planned } = await preview();

  expect(problems).toEqual([]);
  expect(planned).toMatchObject({
    model: { name: 'change/normal', type: 'normal' },
    assessment: { score: 6, risk: 'moderate' },
    plan: { hosts: 2, source: 'runbook', definition: { name: 'deploy', version: '1.0.0' } },
    items: ['host/web1', 'host/web2', 'service/shop'],
    // Two of the managers; the requester is none of those who are asked (R-SOD-1).
    approvers: [{ candidates: ['team/change-managers'], quorum: '2', people: ['user/mia', 'user/max'] }],
    conflicts: { verdict: 'clear', lines: [] },
    times: { endMs: evening + 4 * hour, cutoffAtMs: evening + 3.5 * hour },
  });
});

test('it leaves nothing behind, and asks nobody', async () => {
  await publish(runbook, inventory, web, managers);
  const before = await store().journal.head('system');

  await preview();

  expect(await store().journal.head('system')).toEqual(before);
  expect(await store().changes.list({ limit: 10 })).toEqual([]);
  expect(await store().locks.list()).toEqual([]);
});

test.each<[string, Partial<PreviewRequest>, string]>([
  ['too late for its lead time', { at: evening - hour }, 'LEAD_TIME_SHORT'],
  ['after its window', { at: evening + 5 * hour }, 'WINDOW_OVER'],
  [
    'in a window that has no room for the back-out',
    { draft: { ...draft, window: { ...draft.window, end: new Date(evening + 30 * 60_000).toISOString() } } },
    'WINDOW_TOO_SHORT',
  ],
  ['without an answer that the model asks for', { draft: { ...draft, answers: { impact: 'many' } } }, 'ANSWER_MISSING'],
  ['of a model that is not there', { draft: { ...draft, model: 'change/odd' } }, 'MODEL_NOT_FOUND'],
  ['of a runbook that is not there', { draft: { ...draft, runbook: 'odd' } }, 'DEFINITION_NOT_FOUND'],
])('a change %s would be refused, and says so', async (_what, request, code) => {
  await publish(runbook, inventory, web, managers);

  expect((await preview(request)).problems.map((problem) => problem.code)).toContain(code);
});

test('a quorum that cannot be reached is told before anybody submits (R-APPR-5)', async () => {
  await publish(runbook, inventory, web, team('change-managers', 'user/anna', 'user/mia'));

  const { problems } = await preview();

  expect(problems).toMatchObject([
    { code: 'QUORUM_UNREACHABLE', message: expect.stringContaining('needs 2 and has 1') },
  ]);
});

test('what is in the way is told with its owner and the next free time (R-CONF-2)', async () => {
  await publish(runbook, inventory, web, managers);
  await plan(store(), 'c1', { number: 1, items: ['host/web1'], requester: 'user/ben' });

  const { problems, planned } = await preview();

  expect(problems).toMatchObject([{ code: 'CHANGE_CONFLICTS' }]);
  expect(planned?.conflicts.lines[0]).toContain('host/web1: it is taken by CHG-1 "Change 1" of user/ben');
});
