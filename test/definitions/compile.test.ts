import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { catalogue } from '../../activities/index';
import { checkRunbook } from '../../definitions/compile';
import { planBytes } from '../../definitions/plan-hash';
import { compileText, hostsOf, load, planText, problemsOf, runbook, withInventory } from './compiled';

const examples = join(__dirname, '..', '..', 'examples');
const nginx = ['nginx-upgrade.yaml', 'inventory.yaml', 'people.yaml']
  .map((name) => readFileSync(join(examples, name), 'utf8'))
  .join('---\n');

test('compile() makes the plan of the rolling upgrade', async () => {
  const { plan } = await planText({ text: nginx, inputs: { version: '1.24.0' } });

  expect({ ...plan, program: { ...plan.program, definition: plan.program.definition.name } }).toMatchSnapshot();
});

test('compile() makes equal bytes of equal inputs', async () => {
  const first = await planText({ text: nginx, inputs: { version: '1.24.0' } });
  const second = await planText({ text: nginx, inputs: { version: '1.24.0' } });

  expect(Buffer.from(planBytes(second.plan)).equals(Buffer.from(planBytes(first.plan)))).toBe(true);
  expect([...second.blobs.keys()]).toEqual([...first.blobs.keys()]);
});

test('compile() hands out shards of a hundred hosts, in the order of the inventory', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 350 }), async (count) => {
      const names = Array.from({ length: count }, (_, index) => `h${(index * 7919) % 1009}-${index}`);
      const inventory = `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: { name: many }\nspec:\n  hosts:\n${names.map((name) => `    - { name: ${name}, user: ops }`).join('\n')}\n`;

      const made = await planText({
        text: `${runbook("steps: [{ id: a, targets: '${{ inventory.hosts }}', exec: [id] }]")}---\n${inventory}`,
      });

      expect(made.plan.targetSets['hosts1']?.count).toBe(count);
      expect(made.plan.targetSets['hosts1']?.shards).toHaveLength(Math.ceil(count / 100));
      expect(hostsOf(made, 'hosts1').map((host) => host.name)).toEqual(names);
    }),
    { numRuns: 10 },
  );
});

test('compile() decides what depends on the host for each host of a rollout', async () => {
  const made = await planText({
    text: withInventory(`
steps:
  - id: roll
    rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
    steps:
      - id: drain
        delegate: "\${{ inventory.hosts.filter(b, b.labels.role == 'lb' && b.labels.rack == host.labels.rack) }}"
        exec: [drain, '\${{ host.name }}']
        as: "\${{ 'svc-' + host.labels.rack }}"
        locks: ['rack/\${{ host.labels.rack }}', service/shop]
        undo: { exec: [undrain, '\${{ host.name }}'] }
`),
  });

  expect(hostsOf(made, 'hosts1').map((host) => host.steps)).toEqual([
    { 'roll.drain': { as: 'svc-a', delegates: [0], locks: ['rack/a'] } },
    { 'roll.drain': { as: 'svc-b', delegates: [1], locks: ['rack/b'] } },
    { 'roll.drain': { as: 'svc-a', delegates: [0], locks: ['rack/a'] } },
  ]);
  expect(hostsOf(made, 'hosts2').map((host) => host.name)).toEqual(['lb1', 'lb2']);
  const [roll] = made.plan.program.steps;
  expect(roll?.kind === 'rollout' ? roll.steps[0] : null).toMatchObject({
    locks: ['service/shop'],
    where: { on: 'body', delegate: { set: 'hosts2' } },
  });
});

test('compile() lets an undo inherit from its step, and merges env by key', async () => {
  const { plan } = await planText({
    text: withInventory(`
defaults: { as: root, env: { A: '1', B: '2' } }
steps:
  - { id: x, targets: web1, run: 'do it', shell: bash, timeout: PT3M, env: { B: '3', C: '4' }, effect: idempotent, pass: '\${{ result.stdout == "" }}', undo: { run: 'take it back', env: { C: '5' } } }
  - { id: y, targets: web1, exec: [a], pass: '\${{ result.exitCode < 2 }}', undo: { run: 'other verb' } }
`),
  });

  const [x, y] = plan.program.steps;
  expect(x).toMatchObject({
    undo: {
      kind: 'operation',
      after: 'success',
      at: 'x!undo',
      operation: {
        name: 'ssh.run',
        effect: 'idempotent',
        as: 'root',
        timeoutMs: 180_000,
        pass: 'result.stdout == ""',
        input: { literal: { script: 'take it back', shell: 'bash', env: { A: '1', B: '3', C: '5' } } },
      },
    },
  });
  expect(y?.kind === 'task' && y.undo?.kind === 'operation' ? 'pass' in y.undo.operation : null).toBe(false);
});

test('compile() embeds a runbook, and gives it what is known and what comes late', async () => {
  const child = runbook(
    `
inputs: { name: { type: string }, size: { type: integer, default: 3 }, token: { type: secret } }
steps:
  - { id: load, uses: core.echo, with: { name: '\${{ inputs.name }}', size: '\${{ inputs.size + 1 }}', token: '\${{ inputs.token }}' } }
outputs: { done: '\${{ steps.load.result.name }}' }
`,
    'child',
  );
  const parent = withInventory(`
secrets: { pw: 'env:PW' }
steps:
  - { id: first, uses: core.echo, with: { a: 1 } }
  - { id: call, runbook: child, with: { name: '\${{ steps.first.result.a }}', token: '\${{ secrets.pw }}' } }
  - { id: last, set: { out: '\${{ steps.call.outputs.done }}' } }
`);

  const { plan } = await planText({ text: `${parent}---\n${child}` });

  expect(plan.program.steps[1]).toMatchObject({
    kind: 'runbook',
    at: 'call',
    keep: ['outputs'],
    with: { name: { expression: 'steps.first.result.a' } },
    reads: { names: [], steps: ['first'], hostSteps: [] },
    program: {
      inputs: { size: 3, token: 'env:PW' },
      steps: [
        {
          at: 'call>load',
          keep: ['result'],
          reads: { names: ['inputs'], steps: [], hostSteps: [] },
          operation: {
            input: { map: { name: { expression: 'inputs.name' }, size: { literal: 4 }, token: { secret: 'env:PW' } } },
          },
        },
      ],
    },
  });
});

test('compile() inlines a runbook with scope: host into the body, with names of its own', async () => {
  const child = runbook(
    `
scope: host
inputs: { word: { type: string }, level: { type: integer, default: 2 } }
vars: { text: 'say \${{ inputs.word }}' }
steps:
  - { id: look, exec: [cat, release], effect: read }
  - { id: tell, exec: [tell, '\${{ vars.text }}', '\${{ inputs.level }}', '\${{ steps.look.stdout }}'], undo: none }
`,
    'child',
  );
  const parent = withInventory(`
steps:
  - id: roll
    rollout: { targets: web1 }
    steps:
      - { id: before, exec: [date], effect: read }
      - { id: greet, runbook: child, with: { word: '\${{ steps.before.stdout }}' } }
`);

  const { plan } = await planText({ text: `${parent}---\n${child}` });

  const [roll] = plan.program.steps;
  expect(roll?.kind === 'rollout' ? roll.steps[1] : null).toMatchObject({
    kind: 'group',
    at: 'roll.greet',
    steps: [
      { at: 'roll.greet.greetLook', operation: { input: { literal: { command: ['cat', 'release'] } } } },
      {
        at: 'roll.greet.greetTell',
        reads: { hostSteps: ['before', 'greetLook'] },
        operation: {
          input: {
            map: {
              command: {
                list: [
                  { literal: 'tell' },
                  { expression: '("say " + string(steps.before.stdout))' },
                  { literal: '2' },
                  { expression: 'steps.greetLook.stdout' },
                ],
              },
            },
          },
        },
      },
    ],
  });
});

test('compile() gives the per-host condition of a group to its steps', async () => {
  const { plan } = await planText({
    text: withInventory(`
steps:
  - id: roll
    rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
    steps:
      - id: g
        if: "\${{ host.labels.rack == 'a' }}"
        steps:
          - { id: x, exec: [x], if: '\${{ wave.index > 1 }}', undo: none }
`),
  });

  const [roll] = plan.program.steps;
  const [group] = roll?.kind === 'rollout' ? roll.steps : [];
  expect(group?.if).toBeUndefined();
  expect(group?.kind === 'group' ? group.steps[0]?.if : null).toEqual({
    expression: "(host.labels.rack == 'a') && (wave.index > 1)",
    perHost: true,
  });
});

test('compile() carries files by digest', async () => {
  const { plan, blobs } = await planText({
    text: withInventory(`
steps:
  - { id: p, targets: web1, uses: ssh.put, with: { file: site.conf, dest: /etc/site.conf, mode: '0600' }, undo: restore }
`),
    files: { 'site.conf': 'listen 80;' },
  });

  const [put] = plan.program.steps;
  const input = put?.kind === 'task' && 'literal' in put.operation.input ? put.operation.input.literal : null;
  expect(input).toEqual({
    file: { blob: expect.stringMatching(/^[0-9a-f]{64}$/), name: 'site.conf' },
    dest: '/etc/site.conf',
    mode: '0600',
  });
  expect([...blobs.values()].map((bytes) => Buffer.from(bytes).toString())).toContain('listen 80;');
  expect(put).toMatchObject({ undo: { kind: 'operation', operation: { name: 'ssh.restore' } } });
});

test('compile() limits targets by name, and keeps what the limit leaves out from failing', async () => {
  const made = await planText({
    text: withInventory("steps: [{ id: a, targets: '${{ inventory.hosts }}', exec: [id] }]"),
    limit: ['web2'],
  });

  expect(hostsOf(made, 'hosts1').map((host) => host.name)).toEqual(['web2']);
});

test.each<[string, string, string]>([
  [
    'an unknown name',
    "steps: [{ id: a, uses: core.echo, with: { x: '${{ input.n }}' } }]",
    'UNKNOWN_NAME spec.steps[0].with.x',
  ],
  [
    'an unknown step',
    "steps: [{ id: a, uses: core.echo, with: { x: '${{ steps.b.ok }}' } }]",
    'UNKNOWN_STEP spec.steps[0].with.x',
  ],
  [
    'a step before it ran',
    "steps: [{ id: a, uses: core.echo, with: { x: '${{ steps.b.ok }}' } }, { id: b, uses: core.echo, with: {} }]",
    'USE_BEFORE_DEFINITION spec.steps[0].with.x',
  ],
  [
    'a step of a body from outside',
    "steps: [{ id: r, rollout: { targets: web1 }, steps: [{ id: b, exec: [id] }] }, { id: a, uses: core.echo, with: { x: '${{ steps.b.ok }}' } }]",
    'USE_BEFORE_DEFINITION spec.steps[1].with.x',
  ],
  [
    'an unknown field',
    "steps: [{ id: b, uses: core.echo, with: {} }, { id: a, uses: core.echo, with: { x: '${{ steps.b.stdout }}' } }]",
    'UNKNOWN_FIELD spec.steps[1].with.x',
  ],
  [
    'a step of the host that is none',
    "steps: [{ id: r, rollout: { targets: web1 }, steps: [{ id: b, exec: [echo, '${{ host.steps.c.stdout }}'] }] }]",
    'UNKNOWN_STEP spec.steps[0].steps[0].exec[1]',
  ],
  [
    'a label that no host has',
    'steps: [{ id: a, targets: "${{ inventory.hosts.filter(h, h.labels.rolle == \'web\') }}", exec: [id] }]',
    'UNKNOWN_LABEL spec.steps[0].targets',
  ],
  [
    'an empty selection',
    'steps: [{ id: a, targets: "${{ inventory.hosts.filter(h, h.labels.role == \'db\') }}", exec: [id] }]',
    'EMPTY_SELECTION spec.steps[0].targets',
  ],
  ['an unknown host', 'steps: [{ id: a, targets: web9, exec: [id] }]', 'UNKNOWN_HOST spec.steps[0].targets'],
  ['no targets', 'steps: [{ id: a, exec: [id] }]', 'MISSING_TARGETS spec.steps[0]'],
  [
    'a run-phase name in targets',
    "steps: [{ id: b, uses: core.echo, with: {} }, { id: a, targets: '${{ steps.b.result }}', exec: [id] }]",
    'RUN_PHASE_NAME spec.steps[1].targets',
  ],
  [
    'a host in a timeout',
    "steps: [{ id: r, rollout: { targets: web1 }, steps: [{ id: b, exec: [id], timeout: '${{ host.vars.t }}' }] }]",
    'RUN_PHASE_NAME spec.steps[0].steps[0].timeout',
  ],
  [
    'a late program',
    "steps: [{ id: b, uses: core.echo, with: {} }, { id: a, targets: web1, exec: ['${{ steps.b.result }}'] }]",
    'RUN_PHASE_NAME spec.steps[1].exec[0]',
  ],
  [
    'a secret in an argument',
    "secrets: { t: 'env:T' }\nsteps: [{ id: a, targets: web1, exec: [login, '${{ secrets.t }}'] }]",
    'SECRET_REFUSED spec.steps[0].exec[1]',
  ],
  [
    'a secret in a condition',
    "secrets: { t: 'env:T' }\nsteps: [{ id: a, uses: core.echo, if: \"${{ secrets.t == 'x' }}\", with: {} }]",
    'SECRET_IN_EXPRESSION spec.steps[0].if',
  ],
  [
    'an unknown secret',
    "steps: [{ id: a, uses: core.echo, with: { x: '${{ secrets.t }}' } }]",
    'UNKNOWN_SECRET spec.steps[0].with.x',
  ],
  [
    'a secret built from an input',
    "inputs: { p: { type: string, default: x } }\nsecrets: { t: '${{ inputs.p }}' }\nsteps: []",
    'INVALID_SECRET_REFERENCE spec.secrets.t',
  ],
  [
    'an argument that looks like an option',
    "vars: { f: '-rf' }\nsteps: [{ id: a, targets: web1, exec: [rm, '${{ vars.f }}'] }]",
    'ARGUMENT_LOOKS_LIKE_OPTION spec.steps[0].exec[1]',
  ],
  [
    'null inside text',
    "vars: { n: null }\nsteps: [{ id: a, uses: core.echo, with: { x: 'a ${{ vars.n }}' } }]",
    'EXPRESSION_FAILED spec.steps[0].with.x',
  ],
  ['an unknown operation', 'steps: [{ id: a, uses: core.echoo, with: {} }]', 'UNKNOWN_OPERATION spec.steps[0].uses'],
  [
    'a field that the operation does not have',
    'steps: [{ id: a, uses: http.request, with: { uri: x } }]',
    'INVALID_INPUT_FIELD spec.steps[0].with',
  ],
  [
    'a retry on a code that the operation does not fail with',
    'steps: [{ id: a, uses: http.request, with: { url: x }, retry: { attempts: 2, on: [HTTP_TIMEOUT, SSH_UNREACHABLE] } }]',
    'UNKNOWN_FAILURE_CODE spec.steps[0].retry.on[1]',
  ],
  [
    'a URI whose host is an expression',
    "vars: { h: a }\nsteps: [{ id: a, uses: http.request, with: { url: 'https://${{ vars.h }}/x' } }]",
    'URI_AUTHORITY spec.steps[0].with.url',
  ],
  [
    'an unknown policy',
    'steps: [{ id: a, approval: { policy: nobody, title: x, onDue: reject } }]',
    'UNKNOWN_REFERENCE spec.steps[0].approval.policy',
  ],
  [
    'consent by silence without leave',
    'steps: [{ id: a, approval: { policy: two-of-web, title: x, onDue: approve } }]',
    'SILENCE_IS_NO_CONSENT spec.steps[0].approval.onDue',
  ],
  [
    'variables in a circle',
    "vars: { a: '${{ vars.b }}', b: '${{ vars.a }}' }\nsteps: []",
    'VARIABLE_CYCLE spec.vars.a',
  ],
  ['a runbook that calls itself', 'steps: [{ id: a, runbook: test }]', 'RUNBOOK_CYCLE spec.steps[0].runbook'],
  [
    'a file that is not there',
    'steps: [{ id: a, targets: web1, uses: ssh.put, with: { file: no.conf, dest: /x } }]',
    'FILE_UNREADABLE spec.steps[0].with.file',
  ],
  ['a missing input', 'inputs: { v: { type: string } }\nsteps: []', 'MISSING_INPUT spec.inputs.v'],
  [
    'waves that end early',
    'steps: [{ id: r, rollout: { targets: web1, waves: [1, 50%] }, steps: [{ id: b, exec: [id] }] }]',
    'WAVES_NOT_RISING spec.steps[0].rollout.waves',
  ],
])('compile() refuses %s', async (_name, spec, problem) => {
  expect(await problemsOf({ text: withInventory(spec) })).toContain(problem);
});

test('compile() refuses a late value where the plan needs it (D6)', async () => {
  const child = runbook(
    "inputs: { host: { type: string } }\nsteps: [{ id: x, targets: '${{ inputs.host }}', exec: [id] }]",
    'child',
  );
  const parent = withInventory(
    "steps: [{ id: a, uses: core.echo, with: {} }, { id: c, runbook: child, with: { host: '${{ steps.a.result.name }}' } }]",
  );

  expect(await problemsOf({ text: `${parent}---\n${child}` })).toContain('LATE_VALUE spec.steps[0].targets');
});

test('compile() refuses a program that is too large to start (D5)', async () => {
  const steps = Array.from(
    { length: 900 },
    (_, index) => `  - { id: s${index}, uses: core.echo, with: { text: ${'x'.repeat(60)} } }`,
  ).join('\n');

  const result = await compileText({ text: runbook(`steps:\n${steps}`) });

  expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toEqual(['PLAN_TOO_LARGE']);
});

test('checkRunbook() looks at everything without inputs or an inventory, and finds nothing wrong with the examples', () => {
  const documents = load(nginx);
  const [upgrade] = documents.filter((document) => document.kind === 'Runbook');

  expect(upgrade === undefined ? null : checkRunbook({ runbook: upgrade, documents: [documents], catalogue })).toEqual(
    [],
  );
});

test('checkRunbook() tells a name that is not known, where it stands', () => {
  const documents = load(
    runbook("inputs: { v: { type: string } }\nsteps: [{ id: a, uses: core.echo, with: { x: '${{ inputs.w }}' } }]"),
  );
  const [document] = documents.filter((one) => one.kind === 'Runbook');

  const problems = document === undefined ? [] : checkRunbook({ runbook: document, documents: [documents], catalogue });

  expect(problems).toEqual([
    expect.objectContaining({
      code: 'UNKNOWN_NAME',
      file: 'test.yaml',
      line: 6,
      found: 'w',
      nearest: 'v',
      accepted: ['v'],
    }),
  ]);
});

test.each([
  ['a host that the parent is given', '${{ inputs.where }}', []],
  ['what a step has said', '${{ steps.a.stdout }}', ['LATE_VALUE']],
])(
  'checkRunbook() tells what an embedded runbook needs with the plan from what comes later: %s',
  (_what, host, codes) => {
    const child = runbook(
      "inputs: { host: { type: host } }\nsteps: [{ id: x, targets: '${{ inputs.host }}', exec: [id] }]",
      'child',
    );
    const parent = runbook(
      `inputs: { where: { type: host } }\nsteps: [{ id: a, targets: '\${{ inputs.where }}', exec: [id] }, { id: c, runbook: child, with: { host: '${host}' } }]`,
    );
    const documents = load(`${parent}---\n${child}`);
    const [document] = documents.filter((one) => one.kind === 'Runbook');

    const problems =
      document === undefined ? null : checkRunbook({ runbook: document, documents: [documents], catalogue });

    expect(problems?.map(({ code }) => code)).toEqual(codes);
  },
);

test('compile() reduces hosts inside values to what expressions read of them', async () => {
  const { plan } = await planText({
    text: withInventory(`
inputs: { target: { type: host } }
vars: { lbs: "\${{ inventory.hosts.filter(h, h.labels.role == 'lb') }}" }
steps:
  - id: each
    forEach: { in: '\${{ vars.lbs }}', as: lb }
    steps: [{ id: say, uses: core.echo, with: { name: '\${{ lb.name + inputs.target.name }}' } }]
`),
    inputs: { target: 'web1' },
  });

  const [each] = plan.program.steps;
  expect(each?.kind === 'forEach' ? each.in : null).toEqual({
    literal: [
      { name: 'lb1', address: '10.0.0.9', user: 'ops', labels: { role: 'lb' }, groups: [], vars: {} },
      { name: 'lb2', address: '10.0.0.8', user: 'ops', labels: { role: 'lb' }, groups: [], vars: {} },
    ],
  });
  expect(plan.program.inputs).toEqual({
    target: { name: 'web1', address: '10.0.0.1', user: 'ops', labels: { role: 'web' }, groups: [], vars: {} },
  });
});

test('checkRunbook() takes a runbook with scope: host for a part of a rollout', () => {
  const documents = load(runbook("scope: host\nsteps: [{ id: a, exec: [echo, '${{ host.name }}'], undo: none }]"));
  const [document] = documents.filter((one) => one.kind === 'Runbook');

  expect(
    document === undefined ? null : checkRunbook({ runbook: document, documents: [documents], catalogue }),
  ).toEqual([]);
});

test('compile() lets a step on several hosts name each of them, outside of a rollout too', async () => {
  const { plan } = await planText({
    text: withInventory(
      "steps: [{ id: a, targets: [web1, web2], exec: [echo, '${{ host.name }}'], if: \"${{ host.labels.rack == 'a' }}\" }]",
    ),
  });

  expect(plan.program.steps[0]).toMatchObject({
    if: { expression: "host.labels.rack == 'a'", perHost: true },
    where: { on: 'hosts', single: false },
    operation: { input: { map: { command: { list: [{ literal: 'echo' }, { expression: 'host.name' }] } } } },
  });
});
