/** How a document of a kind begins: the smallest one that shows what it is made of. The linter says what is still missing. */
export function templateOf(kind: string): string {
  const name = kind.replaceAll(/(?<=.)([A-Z])/g, '-$1').toLowerCase();
  const body = bodies[kind] ?? '';
  return `apiVersion: mainstay/v1\nkind: ${kind}\nmetadata:\n  name: my-${name}\n  version: 1.0.0\n  title: ''\nspec:\n${body}`;
}

const bodies: { readonly [kind: string]: string } = {
  Runbook: `  steps:
    - id: hello
      set: { greeting: hello }
`,
  Inventory: `  hosts:
    - { name: web1, address: web1.example.org, groups: [web] }
`,
  Team: `  members: [user/anna]
`,
  Person: `  name: Anna Example
  email: anna@example.org
`,
  Grant: `  role: operator
  teams: [team/web]
`,
  BackupPlan: `  service: shop
  provider: restic
  inventory: fleet
  host: web1
  source: [/srv/shop]
  repositories: { primary: { location: /backup/shop } }
  backups:
    - { id: nightly, schedule: { cron: '30 2 * * *' } }
`,
  ChangeModel: `  type: normal
  changeManagers: [team/change-managers]
  dutyManagers: [team/duty-managers]
`,
};
