import { planText, problemsOf, runbook, withInventory } from '../compiled';

const make = '{ id: make, exec: [pwgen], targets: web1, capture: secret, undo: none }';
const login =
  "{ id: login, uses: http.request, with: { url: 'https://vault.example/' }, capture: secret, effect: read }";

function using(step: string): string {
  return withInventory(`steps: [${make}, ${login}, ${step}]`);
}

// Section 10: a captured secret stands where a declared one may, and is a name in the plan.
test.each<[string, string]>([
  ["{ id: use, exec: [login], targets: web1, env: { PW: '${{ steps.make.stdout }}' } }", 'captured:make#stdout'],
  ["{ id: use, exec: [login], targets: web1, stdin: '${{ steps.make.stdout }}' }", 'captured:make#stdout'],
  [
    "{ id: use, uses: http.request, with: { url: 'https://x.example/', headers: { authorization: 'Bearer ${{ steps.login.result.body.token }}' } } }",
    'captured:login#result.body.token',
  ],
])('compile() makes a name of a captured secret in %s', async (step, reference) => {
  const { plan } = await planText({ text: using(step) });

  const use = JSON.stringify(plan.program.steps[2]);
  expect(use).toContain(`{"secret":"${reference}"}`);
  expect(use).not.toContain('"steps":["make');
});

test('compile() makes a captured secret the one of each host inside a rollout, and of the step outside of it', async () => {
  const { plan } = await planText({
    text: withInventory(`
steps:
  - ${make}
  - id: up
    rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
    steps:
      - { id: own, exec: [pwgen], capture: secret, undo: none }
      - { id: use, exec: [login], env: { OWN: '\${{ steps.own.stdout }}', ALL: '\${{ steps.make.stdout }}', HOST: '\${{ host.steps.own.stdout }}' }, undo: none }
`),
  });

  expect(JSON.stringify(plan.program.steps[1])).toContain(
    '"map":{"OWN":{"secret":"captured:host/own#stdout"},"ALL":{"secret":"captured:make#stdout"},"HOST":{"secret":"captured:host/own#stdout"}}',
  );
});

test.each<[string, string]>([
  ["{ id: use, exec: [login, '${{ steps.make.stdout }}'], targets: web1 }", 'SECRET_REFUSED spec.steps[2].exec[1]'],
  ["{ id: use, set: { pw: '${{ steps.make.stdout }}' } }", 'SECRET_REFUSED spec.steps[2].set.pw'],
  [
    '{ id: use, assert: { that: "${{ steps.make.stdout != \'\' }}" } }',
    'SECRET_IN_EXPRESSION spec.steps[2].assert.that',
  ],
  [
    '{ id: use, exec: [login], targets: web1, if: "${{ steps.login.result.status == 200 }}" }',
    'SECRET_IN_EXPRESSION spec.steps[2].if',
  ],
  [
    '{ id: use, exec: [login], targets: web1, env: { PW: \'${{ steps.make.stdout + "x" }}\' } }',
    'SECRET_IN_EXPRESSION spec.steps[2].env.PW',
  ],
  [
    "{ id: use, exec: [login], targets: web1, env: { PW: '${{ steps.make.json }}' } }",
    'SECRET_IN_EXPRESSION spec.steps[2].env.PW',
  ],
  [
    "{ id: use, manual: { title: '${{ steps.make.stdout }}', assignees: [user/anna], onDue: fail } }",
    'SECRET_REFUSED spec.steps[2].manual.title',
  ],
])('compile() refuses the captured secret in %s', async (step, problem) => {
  expect(await problemsOf({ text: using(step) })).toEqual([problem]);
});

test('compile() lets expressions read how the step that captures a secret went', async () => {
  const step = "{ id: use, assert: { that: '${{ steps.make.exitCode == 0 && steps.make.changed }}' } }";

  expect(await problemsOf({ text: using(step) })).toEqual([]);
});

test('compile() refuses to give a captured secret to another run', async () => {
  const child = runbook('inputs: { pw: { type: secret } }\nsteps: [{ id: say, uses: core.echo, with: {} }]', 'child');
  const text = [using("{ id: use, runbook: child, with: { pw: '${{ steps.make.stdout }}' } }"), child].join('---\n');

  expect(await problemsOf({ text })).toEqual(['SECRET_REFUSED spec.steps[2].with.pw']);
});

test('compile() makes empty text of a secret that was not given, for it is no reference', async () => {
  const { plan } = await planText({
    text: withInventory(`
inputs: { token: { type: secret, required: false } }
steps: [{ id: use, exec: [login], targets: web1, env: { PW: '\${{ inputs.token }}', LINE: 'x=\${{ inputs.token }}' } }]
`),
  });

  expect(JSON.stringify(plan.program.steps[0])).toContain('{"PW":"","LINE":"x="}');
});
