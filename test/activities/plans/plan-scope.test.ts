import { backupPlan } from '../../../activities/plans/backup-plan';
import { draftScope, publishedScope } from '../../../activities/plans/plan-scope';
import { PublishedShelf } from '../../../activities/plans/published-shelf';
import { SelectedLabels } from '../../../platform/store/selected-labels';
import type { ChangeDraft } from '../../../workflows/change/schema';
import { useStore } from '../changes/bed';
import { publish, publishPlan } from './backup-bed';

const store = useStore();

const runbook = (labels: string): string => `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: deploy, version: 1.0.0, title: Deploy, owner: team/web, labels: ${labels} }
spec: { steps: [{ id: a, uses: core.echo, with: { value: 1 } }] }
`;
const inventory = (name: string, labels: string): string => `apiVersion: mainstay/v1
kind: Inventory
metadata: { name: ${name}, labels: ${labels} }
spec: { hosts: [{ name: a, user: ops }] }
`;
const model = `apiVersion: mainstay/v1
kind: ChangeModel
metadata: { name: quick, labels: { process: change } }
spec: { type: standard, changeManagers: [user/mara], dutyManagers: [user/dora] }
`;

const draft: ChangeDraft = {
  model: 'quick',
  runbook: 'deploy',
  title: 'Deploy',
  window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z' },
};

test('a plan is of the scope of its runbook and of the inventory that it works on, named or the only one', async () => {
  await publish(store(), runbook('{ service: shop }'), inventory('prod', '{ env: prod }'));
  const shelf = new PublishedShelf(store());

  const unnamed = await publishedScope(shelf, { definition: 'deploy' });

  expect(unnamed).toEqual({ service: ['shop'], env: ['prod'] });
  expect(await publishedScope(shelf, { definition: 'deploy@1.0.0', inventory: 'prod' })).toEqual(unnamed);
  expect(await publishedScope(shelf, { definition: 'unheard-of' })).toBeNull();
});

test('values of runbook and inventory add up: nobody gets at an inventory by another label of the runbook', async () => {
  await publish(store(), runbook('{ env: staging }'), inventory('prod', '{ env: prod }'));

  expect(await publishedScope(new PublishedShelf(store()), { definition: 'deploy' })).toEqual({
    env: ['prod', 'staging'],
  });
});

test('a change is of its plan, its model and the services that it names; its own labels fill in the rest', async () => {
  await publish(store(), runbook('{ env: staging }'), inventory('prod', '{ env: prod }'), model);
  const grant = `apiVersion: mainstay/v1
kind: Grant
metadata: { name: ops, version: 1.0.0 }
spec: { role: viewer, people: [user/anna], where: { team: [ops] } }
`;
  await publish(store(), grant);
  const own = { items: ['service/shop', 'host/a'], labels: { env: 'none', team: 'ops', ticket: 'INC1' } };
  const sources = { shelf: new PublishedShelf(store()), labels: new SelectedLabels(store()) };

  expect(await draftScope(sources, { ...draft, ...own })).toEqual({
    env: ['prod', 'staging'],
    process: ['change'],
    service: ['shop'],
    team: ['ops'],
  });
});

test('a backup plan is of its service, whatever it is labelled', async () => {
  const shelf = await publishPlan(store());

  const answer = await backupPlan(shelf, { plan: 'sample' });

  expect('inForce' in answer && answer.inForce.scope).toMatchObject({
    service: ['inForce' in answer && answer.inForce.service],
  });
});
