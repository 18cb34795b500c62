import { formatPlan } from '../../../definitions/plan-view/format';
import { describePlan } from '../../../definitions/plan-view';
import { hostsOf, planText, problemsOf, runbook } from '../compiled';

const inventory = `apiVersion: mainstay/v1
kind: Inventory
metadata: { name: hosts }
spec:
  hosts:
    - { name: web1, user: deploy, labels: { zone: north, role: web } }
    - { name: web2, user: deploy, labels: { zone: south, role: web } }
    - { name: web3, user: deploy, labels: { zone: north, role: web } }
    - { name: web4, user: deploy, labels: { zone: south, role: web } }
    - { name: lb1, user: deploy, labels: { role: lb } }
`;

function text(rollout: string, role = 'web'): string {
  const targets = `targets: "\${{ inventory.hosts.filter(h, h.labels.role != '${role === 'web' ? 'lb' : ''}') }}"`;
  const steps = `steps: [{ id: up, rollout: { ${targets}${rollout} }, steps: [{ id: install, exec: [install] }] }]`;
  return [runbook(steps), inventory].join('---\n');
}

test('R-ROLL-1: a rollout without waves begins with a canary', async () => {
  const { plan } = await planText({ text: text('') });

  const [step] = plan.program.steps;
  expect(step).toMatchObject({
    waves: [{ percent: 1 }, { percent: 10 }, { percent: 25 }, { percent: 50 }, { percent: 100 }],
  });
});

test('R-ROLL-1: targets stand in the order of their failure domains, and the plan says where each ends', async () => {
  const made = await planText({ text: text(', domain: zone') });

  const [step] = made.plan.program.steps;
  expect(step).toMatchObject({
    set: 'hosts1',
    domains: [
      { name: 'north', end: 2 },
      { name: 'south', end: 4 },
    ],
  });
  expect(hostsOf(made, 'hosts1').map(({ name }) => name)).toEqual(['web1', 'web3', 'web2', 'web4']);
});

test('R-ROLL-1: the plan shows each wave with its failure domain', async () => {
  const made = await planText({ text: text(', domain: zone, waves: [1, 75%, 100%]') });

  const lines = formatPlan(describePlan(made)).split('\n');
  expect(lines.map((line) => line.trim()).filter((line) => line.startsWith('wave '))).toEqual([
    'wave 1: 1 host in north: web1',
    'wave 2: 1 host in north: web3',
    'wave 3: 1 host in south: web2',
    'wave 4: 1 host in south: web4',
  ]);
});

test('R-ROLL-1, D5: another failure domain is another plan', async () => {
  const [before, after] = await Promise.all([
    planText({ text: text(', domain: zone') }),
    planText({
      text: text(', domain: zone').replace(
        'name: web4, user: deploy, labels: { zone: south',
        'name: web4, user: deploy, labels: { zone: west',
      ),
    }),
  ]);

  expect(before.plan.planHash).not.toBe(after.plan.planHash);
});

test.each([
  ['a host without the label', text(', domain: zone', 'all')],
  ['a label that no host has', text(', domain: rack')],
])('R-ROLL-1: domains that nobody knows cannot be kept apart: %s', async (_what, documents) => {
  expect(await problemsOf({ text: documents })).toEqual(['DOMAIN_MISSING spec.steps[0].rollout.domain']);
});
