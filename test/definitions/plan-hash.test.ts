import { diffPlans } from '../../definitions/plan-diff';
import { hashPlan } from '../../definitions/plan-hash';
import { planText } from './compiled';

const text = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: upgrade, version: 1.0.0, title: Upgrade the shop, description: All of it, owner: team/web }
spec:
  inputs: { version: { type: string }, note: { type: string, default: none } }
  secrets: { token: 'env:TOKEN' }
  steps:
    - id: approve
      name: Ask the team
      approval: { policy: two-of-web, title: Upgrade, due: PT24H, onDue: reject }
    - id: roll
      rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}", waves: [1, 100%], maxFailures: 0 }
      steps:
        - { id: install, exec: [install, '\${{ inputs.version }}', '\${{ host.vars.weight }}'], as: root, timeout: PT1M, env: { T: '\${{ secrets.token }}' }, undo: { exec: [remove] } }
    - { id: ring, uses: ssh.put, targets: web1, with: { file: motd, dest: /etc/motd }, undo: restore }
---
apiVersion: mainstay/v1
kind: Inventory
metadata: { name: hosts }
spec:
  connection: fleet
  hosts:
    - { name: web1, address: 10.0.0.1, port: 22, user: ops, hostKey: ssh-ed25519 AAAA, labels: { role: web, rack: a }, vars: { weight: 1, other: 1 } }
    - { name: web2, address: 10.0.0.2, port: 22, user: ops, labels: { role: web, rack: b }, vars: { weight: 1 } }
    - { name: db1, address: 10.0.0.3, user: ops, labels: { role: db, rack: b } }
---
apiVersion: mainstay/v1
kind: Connection
metadata: { name: fleet, title: The fleet }
spec: { type: ssh, user: ops, jump: 'gate.example:22' }
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: { name: two-of-web, title: Two of web }
spec: { approvers: [team/web], min: 2 }
---
apiVersion: mainstay/v1
kind: Team
metadata: { name: web }
spec: { members: [user/anna, user/ben] }
`;

function compiled(changed: string, file = 'hello'): ReturnType<typeof planText> {
  return planText({ text: changed, inputs: { version: '1.0' }, files: { motd: file } });
}

// "Must hold" of D5: an approval is given to everything that decides what is done, where and by whose leave.
test.each<[string, string, string]>([
  ["a host's address", 'address: 10.0.0.1,', 'address: 10.0.0.99,'],
  ["a host's port", 'address: 10.0.0.1, port: 22', 'address: 10.0.0.1, port: 23'],
  ["a host's user", 'port: 22, user: ops, hostKey', 'port: 22, user: eve, hostKey'],
  ["a host's key", 'ssh-ed25519 AAAA', 'ssh-ed25519 BBBB'],
  ['a label that an expression reads', 'role: db', 'role: web'],
  ['a variable that an expression reads', 'weight: 1, other', 'weight: 2, other'],
  ['a jump host', 'gate.example:22', 'other.example:22'],
  ['a command', 'exec: [install,', 'exec: [reinstall,'],
  ['an undo', 'exec: [remove]', 'exec: [purge]'],
  ['the user of a step', 'as: root', 'as: admin'],
  ['a timeout', 'timeout: PT1M', 'timeout: PT2M'],
  ['a reference to a secret', 'env:TOKEN', 'env:OTHER'],
  ['the waves', 'waves: [1, 100%]', 'waves: [2, 100%]'],
  ['the failure budget', 'maxFailures: 0', 'maxFailures: 1'],
  ['the number of approvals', 'min: 2', 'min: 1'],
  ['the team that approves', 'approvers: [team/web]', 'approvers: [team/ops]'],
  ['what silence means', 'onDue: reject', 'onDue: fail'],
  ['the due time', 'due: PT24H', 'due: PT12H'],
  ['an input', 'default: none', 'default: some'],
  ['the owner', 'owner: team/web', 'owner: team/ops'],
  ['a host more', 'name: db1', 'name: db2, labels: { role: web }, address: 10.0.0.4 }\n    - { name: db1'],
])('the hash changes with %s', async (_name, from, to) => {
  const before = await compiled(text);
  const after = await compiled(text.replace(from, to));

  expect(text).toContain(from);
  expect(after.plan.planHash).not.toBe(before.plan.planHash);
  expect(diffPlans(before, after)).not.toEqual([]);
});

test('the hash changes with the content of a file', async () => {
  const before = await compiled(text);
  const after = await compiled(text, 'hello world');

  expect(after.plan.planHash).not.toBe(before.plan.planHash);
});

test.each<[string, string, string]>([
  ['a title', 'title: Upgrade the shop', 'title: Upgrade the whole shop'],
  ['a description', 'description: All of it', 'description: Some of it'],
  ['the version of the definition', 'version: 1.0.0', 'version: 1.0.1'],
  ['the name of a step', 'name: Ask the team', 'name: Ask everyone'],
  ['the title of an approval', 'title: Upgrade,', 'title: Another title,'],
  ['an unread label', 'rack: a', 'rack: z'],
  ['an unread variable', 'other: 1', 'other: 2'],
  ["a team's member", 'user/ben', 'user/carl'],
  ["a policy's title", 'title: Two of web', 'title: Two people'],
  ['a host that is no target', 'address: 10.0.0.3', 'address: 10.0.0.33'],
])('the hash stays the same with %s', async (_name, from, to) => {
  const before = await compiled(text);
  const after = await compiled(text.replace(from, to));

  expect(text).toContain(from);
  expect(after.plan.planHash).toBe(before.plan.planHash);
  expect(diffPlans(before, after)).toEqual([]);
});

test('diffPlans() says what changed where', async () => {
  const before = await compiled(text);
  const after = await compiled(
    text.replace('exec: [install,', 'exec: [reinstall,').replace('address: 10.0.0.1,', 'address: 10.0.0.99,'),
  );

  expect(diffPlans(before, after)).toEqual([
    '~ step roll.install.operation.input.map.command.list[0].literal: "install" → "reinstall"',
    '~ host web1.address: "10.0.0.1" → "10.0.0.99"',
  ]);
});

test('hashPlan() gives the hash that the compiler put into the plan', async () => {
  const { plan } = await compiled(text);

  expect(hashPlan(plan).planHash).toBe(plan.planHash);
});
