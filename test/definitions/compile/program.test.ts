import { planText, policyText, problemsOf, runbook, withInventory } from '../compiled';

const onWeb = "steps: [{ id: up, exec: [uptime, '${{ inputs.flag }}'], targets: web1, effect: read }]";

// One mistake is one problem: what reads the wrong or missing value is not told again.
test.each<[string, string, string]>([
  [
    'a required input that is missing',
    `
inputs: { flag: { type: string }, host: { type: string } }
vars: { both: '\${{ inputs.flag + "x" }}', chosen: "\${{ inventory.hosts.filter(h, h.name == inputs.host) }}" }
steps:
  - { id: up, exec: [uptime, '-\${{ vars.both }}', '\${{ inputs.flag }}'], targets: '\${{ vars.chosen }}' }
  - { id: after, assert: { that: '\${{ steps.up.counts.ok == 1 }}' } }
`,
    'MISSING_INPUT spec.inputs.flag, MISSING_INPUT spec.inputs.host',
  ],
  [
    'a variable that cannot be evaluated',
    `
vars: { first: '\${{ inventory.hosts[99].name }}', second: '\${{ vars.first + "x" }}' }
steps: [{ id: up, exec: [uptime, '\${{ vars.second }}'], targets: '\${{ vars.first }}' }]
`,
    'EXPRESSION_FAILED spec.vars.first',
  ],
  [
    'a step that cannot be placed',
    `
steps:
  - { id: up, exec: [uptime], targets: web9, effect: read }
  - { id: after, assert: { that: '\${{ steps.up.exitCode == 0 }}' } }
  - id: both
    parallel: [{ id: one, exec: [uptime], targets: web9 }, { id: two, uses: core.echo, with: { text: hi } }]
  - { id: last, assert: { that: '\${{ steps.one.exitCode == 0 }}' } }
`,
    'UNKNOWN_HOST spec.steps[0].targets, UNKNOWN_HOST spec.steps[2].parallel[0].targets',
  ],
])('compile() tells of %s once', async (_what, spec, expected) => {
  expect((await problemsOf({ text: withInventory(spec) })).join(', ')).toBe(expected);
});

test('compile() tells of a missing inventory once', async () => {
  const spec = `
vars: { web: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
steps:
  - { id: up, exec: [uptime], targets: '\${{ vars.web }}', effect: read }
  - { id: one, exec: [uptime], targets: '\${{ vars.web[0] }}', effect: read }
`;

  expect(await problemsOf({ text: [runbook(spec), policyText].join('---\n') })).toEqual(['MISSING_INVENTORY spec']);
});

test('compile() tells of a missing inventory where hosts are only named', async () => {
  const text = runbook(`inputs: { flag: { type: string, default: a } }\n${onWeb}`);

  expect(await problemsOf({ text })).toEqual(['MISSING_INVENTORY spec']);
});

test('compile() tells of an input that an embedded runbook misses once, at the step', async () => {
  const child = runbook(`inputs: { flag: { type: string } }\n${onWeb}`, 'child');
  const parent = withInventory(
    "steps: [{ id: call, runbook: child }, { id: late, assert: { that: '${{ steps.call.ok }}' } }]",
  );

  expect(await problemsOf({ text: [parent, child].join('---\n') })).toEqual(['MISSING_INPUT spec.steps[0].with.flag']);
});

test('compile() says nothing of --limit while the targets themselves have a problem', async () => {
  const text = withInventory(`inputs: { flag: { type: string } }\n${onWeb}`);

  expect(await problemsOf({ text, limit: ['web1'] })).toEqual(['MISSING_INPUT spec.inputs.flag']);
});

test.each<[string, string]>([
  ['{ id: a, exec: [uptime], targets: web1, connection: fleat }', 'UNKNOWN_REFERENCE spec.steps[0].connection'],
  [
    "{ id: a, uses: http.request, connection: fleet, with: { url: 'https://x.example/' } }",
    'CONNECTION_MISMATCH spec.steps[0].connection',
  ],
  ['{ id: a, exec: [uptime], targets: web1, connection: fleet }', ''],
])('compile() looks at the connection of %s where it is named', async (step, problem) => {
  const fleet = 'apiVersion: mainstay/v1\nkind: Connection\nmetadata: { name: fleet }\nspec: { type: ssh }\n';

  expect((await problemsOf({ text: [withInventory(`steps: [${step}]`), fleet].join('---\n') })).join()).toBe(problem);
});

test.each<[string, string]>([
  ["{ ref: 'vault:ops/x#y' }", ''],
  ["{ path: ops, ref: 'vault:${{ vars.path }}/x#y' }", ''],
  ["{ ref: 'vault:${{ inputs.path }}/x#y' }", 'INVALID_SECRET_REFERENCE spec.secrets.token'],
  ["{ path: '${{ inputs.path }}', ref: 'vault:${{ vars.path }}/x#y' }", 'INVALID_SECRET_REFERENCE spec.secrets.token'],
  [
    "{ paths: ['${{ inputs.path }}'], ref: \"${{ 'vault:' + vars['paths'][0] }}\" }",
    'INVALID_SECRET_REFERENCE spec.secrets.token',
  ],
])('compile() lets no input decide about a secret, also not through the variables %s', async (vars, problem) => {
  const text = withInventory(
    `inputs: { path: { type: string, default: ops } }\nvars: ${vars}\nsecrets: { token: '\${{ vars.ref }}' }\nsteps: []`,
  );

  expect((await problemsOf({ text })).join()).toBe(problem);
});

test('compile() evaluates variables in any order, and tells of a circle', async () => {
  const chain = Array.from({ length: 1_000 }, (_, index) => `v${index}: '\${{ vars.v${index + 1} + 1 }}'`);
  const { plan } = await planText({
    text: withInventory(`vars: { ${chain.join(', ')}, v1000: 0 }\nsteps: [{ id: say, set: { x: '\${{ vars.v0 }}' } }]`),
  });

  expect(plan.program.steps[0]).toMatchObject({ values: { x: { literal: 1_000 } } });
  expect(
    await problemsOf({ text: withInventory("vars: { a: '${{ vars.b }}', b: '${{ vars.a }}', c: 1 }\nsteps: []") }),
  ).toEqual(['VARIABLE_CYCLE spec.vars.a', 'VARIABLE_CYCLE spec.vars.b']);
});

test('compile() refuses a runbook of more steps than any plan can hold, before it looks at each', async () => {
  const steps = Array.from({ length: 2_001 }, (_, index) => `  - { id: s${index}, set: { x: 1 } }`);

  expect(await problemsOf({ text: runbook(`steps:\n${steps.join('\n')}`) })).toEqual(['PLAN_TOO_LARGE spec.steps']);
});
