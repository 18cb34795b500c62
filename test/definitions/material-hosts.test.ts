import { planText } from './compiled';

const text = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: upgrade, version: 1.0.0, owner: team/web }
spec:
  steps:
    - { id: install, exec: [install], targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
---
apiVersion: mainstay/v1
kind: Inventory
metadata: { name: hosts }
spec:
  hosts:
    - { name: web1, address: 10.0.0.1, port: 22, user: ops, labels: { role: web }, jobDir: /var/jobs, become: { method: sudo } }
`;

// D3, D5: where jobs are kept and how another user is become decide what happens on the host as much as its address does.
test.each([
  ['the job directory', 'jobDir: /var/jobs', 'jobDir: /srv/jobs'],
  ['whether it may be in memory', 'jobDir: /var/jobs', 'jobDir: /var/jobs, jobDirVolatile: true'],
  ['how another user is become', 'method: sudo', 'method: doas'],
])('the hash changes with %s of a host (D5)', async (_what, from, to) => {
  const [before, after] = [await planText({ text }), await planText({ text: text.replace(from, to) })];

  expect(text).toContain(from);
  expect(after.plan.planHash).not.toBe(before.plan.planHash);
});

// D5: a shard holds the material projection of its hosts; the plan itself names shards by their digest, at most 100 hosts in each.
test('a plan holds its hosts by digest alone, a hundred in each shard (D5)', async () => {
  const more = Array.from(
    { length: 249 },
    (_, index) => `    - { name: more${index}, address: 10.1.0.1, user: ops, labels: { role: web, rack: unread } }`,
  ).join('\n');

  const { plan, blobs } = await planText({ text: `${text}${more}\n` });

  const [set] = Object.values(plan.targetSets);
  expect(set).toEqual({ count: 250, shards: [...blobs.keys()] });
  expect(JSON.stringify(plan)).not.toMatch(/10\.[01]\.0\.1|more7/);
  const shards = [...blobs.values()].map((bytes) => Buffer.from(bytes).toString());
  expect(shards.map((shard) => JSON.parse(shard).hosts.length)).toEqual([100, 100, 50]);
  expect(shards.join()).not.toContain('unread');
});
