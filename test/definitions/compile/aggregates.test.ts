import { problemsOf, withInventory } from '../compiled';

const rollout = `
  - id: up
    rollout: { targets: web1 }
    steps:
      - { id: before, exec: [cat, /etc/version], effect: read }
      - { id: install, exec: [install], undo: none }
`;

test.each<[string, string]>([
  ["steps.up.hosts.filter(h, h.status == 'failed').map(h, h.name)", ''],
  ['steps.up.hosts.map(h, h.steps.before.stdout)', ''],
  ['steps.up.hosts.exists(h, h.error != null)', ''],
  ['steps.up.exceptions.size()', ''],
  ['steps.up.hosts.map(h, h.steps.befor.stdout)', 'UNKNOWN_STEP'],
  ['steps.up.hosts.map(h, h.stdout)', 'UNKNOWN_FIELD'],
  ['steps.before.stdout', 'USE_BEFORE_DEFINITION'],
  ['steps.up.hosts.filter(h, h.ok).map(h, h.stderr)', 'UNKNOWN_FIELD'],
  ['steps.up.hosts.map(h, h.steps.before.stdin)', 'UNKNOWN_FIELD'],
])('what an expression reads of a rollout from outside is checked: %s', async (expression, expected) => {
  const spec = `steps:${rollout}  - { id: sum, set: { x: "\${{ ${expression} }}" } }\n`;

  expect((await problemsOf({ text: withInventory(spec) })).join(', ')).toContain(expected);
  if (expected === '') expect(await problemsOf({ text: withInventory(spec) })).toEqual([]);
});
