import { inventoryText, planText, problemsOf, hostsOf, runbook } from '../compiled';

const rollout = `
steps:
  - id: up
    rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}", waves: [100%] }
    steps:
      - { id: restart, exec: [systemctl, restart, shop] }
`;

function text(redundancy: string, spec = rollout): string {
  return [runbook(spec), `${inventoryText}  redundancy: ${redundancy}\n`].join('---\n');
}

test('a rollout carries the limits of the groups of its hosts, and each host its groups (R-ROLL-1)', async () => {
  const made = await planText({
    text: text(
      '{web: {members: [web1, web2, web3], maxOut: 50%}, lb: {members: [lb1, lb2], maxOut: 1}, a: {members: [web1, lb1], maxOut: 1}}',
    ),
  });

  const [step] = made.plan.program.steps;
  expect(step?.kind === 'rollout' ? step.redundancy : null).toEqual({ a: 1, web: 1 });
  expect(hostsOf(made, 'hosts1').map(({ name, steps }) => [name, steps['up']?.redundancy])).toEqual([
    ['web1', ['a', 'web']],
    ['web2', ['web']],
    ['web3', ['web']],
  ]);
});

test('another limit is another plan: approvals are given to it (R-ROLL-1, D5)', async () => {
  const hashes = [];
  for (const maxOut of [1, 2, 2]) {
    const { plan } = await planText({ text: text(`{web: {members: [web1, web2, web3], maxOut: ${maxOut}}}`) });
    hashes.push(plan.planHash);
  }

  expect([hashes[0] === hashes[1], hashes[1] === hashes[2]]).toEqual([false, true]);
});

test('a body that only reads takes no host out of service', async () => {
  const reading = rollout.replace('systemctl, restart, shop] }', 'uptime], effect: read }');

  const { plan } = await planText({ text: text('{web: {members: [web1, web2], maxOut: 1}}', reading) });

  expect(JSON.stringify(plan.program)).not.toContain('redundancy');
});

test.each([
  ['a group of one', '{web: {members: [web1], maxOut: 1}}', ['REDUNDANCY_IMPOSSIBLE spec.steps[0].rollout.targets']],
  ['a group of one whose last may go', '{web: {members: [web1], maxOut: 1, takeLast: true}}', []],
  ['a group without its hosts', '{lb: {members: [lb1], maxOut: 1}}', []],
])(
  'what can never be taken out of service is said when the plan is made: %s (R-ROLL-1)',
  async (_, redundancy, problems) => {
    expect(await problemsOf({ text: text(redundancy) })).toEqual(problems);
  },
);
