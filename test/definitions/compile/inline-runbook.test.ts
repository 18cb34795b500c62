import { planText, problemsOf, runbook, withInventory } from '../compiled';

const child = runbook(
  `
scope: host
inputs: { weight: { type: integer, maximum: 5 }, at: { type: host, required: false } }
steps: [{ id: weigh, exec: [weigh, '\${{ inputs.weight + 1 }}'], undo: none }]
`,
  'weigh',
);

function calling(values: string): string {
  const parent = withInventory(`
inputs: { heavy: { type: integer, default: 4 } }
steps:
  - id: up
    rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
    steps: [{ id: call, runbook: weigh, with: ${values} }]
`);
  return [parent, child].join('---\n');
}

test.each<[string, readonly string[]]>([
  ["{ weight: '3' }", []],
  ["{ weight: '${{ inputs.heavy }}' }", []],
  ["{ weight: '${{ host.vars.weight }}' }", []],
  ['{ weight: 3, at: web1 }', []],
  ['{ weight: 6 }', ['INVALID_INPUT spec.steps[0].steps[0].with.weight']],
  ["{ weight: '${{ inputs.heavy * 2 }}' }", ['INVALID_INPUT spec.steps[0].steps[0].with.weight']],
  ['{ weight: heavy }', ['INVALID_INPUT spec.steps[0].steps[0].with.weight']],
  ['{ weight: 3, at: web9 }', ['INVALID_INPUT spec.steps[0].steps[0].with.at']],
  ['{}', ['MISSING_INPUT spec.steps[0].steps[0].with']],
  ['{ weight: 3, wait: 1 }', ['UNKNOWN_INPUT spec.steps[0].steps[0].with.wait']],
])('compile() looks at the inputs %s of a runbook that it inlines', async (values, problems) => {
  expect(await problemsOf({ text: calling(values) })).toEqual(problems);
});

test('compile() inlines an input as the type that it is declared with', async () => {
  const { plan } = await planText({ text: calling("{ weight: '3' }") });

  expect(JSON.stringify(plan.program.steps)).toContain('"command":["weigh","4"]');
});

test('compile() reads the inputs and steps of an inlined runbook in its defaults and by way of its host', async () => {
  const inner = runbook(
    `
scope: host
inputs: { weight: { type: integer } }
defaults: { env: { WEIGHT: '\${{ inputs.weight }}' } }
steps:
  - { id: before, exec: [cat, weight], effect: read }
  - { id: weigh, run: weigh "$WEIGHT", undo: { run: weigh "$BACK", env: { BACK: '\${{ host.steps.before.stdout }}' } } }
`,
    'weigh',
  );
  // The caller's own input of the same name is another one.
  const outer = withInventory(`
inputs: { weight: { type: integer, default: 9 } }
steps:
  - id: up
    rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
    steps: [{ id: call, runbook: weigh, with: { weight: 3 } }]
`);

  const { plan } = await planText({ text: [outer, inner].join('---\n') });

  const text = JSON.stringify(plan.program.steps);
  expect(text).toContain('"env":{"WEIGHT":"3"}');
  expect(text).toContain('steps.callBefore.stdout');
});
