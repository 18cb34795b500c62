import type { RehearsalResult } from '../../../workflows/rehearsal';
import { rehearse } from '../../../workflows/rehearsal';
import { planText, problemsOf, runbook } from '../../definitions/compiled';

const parent = runbook(`
steps:
  - { id: size, uses: http.request, with: { url: 'https://disk.example/' }, effect: read }
  - { id: grow, runbook: grow, with: { size: '\${{ steps.size.result.body }}', pool: main }, undo: none }
outputs: { grown: '\${{ steps.grow.outputs.grown }}' }
`);

function child(declared: string): string {
  return runbook(
    `
inputs: { size: ${declared}, pool: { type: string, default: spare } }
steps: [{ id: say, uses: core.echo, with: { size: '\${{ inputs.size }}', pool: '\${{ inputs.pool }}' } }]
outputs: { grown: '\${{ inputs.size }}' }
`,
    'grow',
  );
}

async function play(declared: string, body: string | number | null): Promise<RehearsalResult> {
  const { plan } = await planText({ text: [parent, child(declared)].join('---\n') });
  const outcomes = [
    { step: 'size', result: { status: 200, body } },
    { step: '*', phase: '*' as const },
  ];
  return rehearse({ plan, hosts: {}, script: { outcomes } });
}

// `with` values that only the run knows meet the same rules as those that the plan knows.
test.each<[string, string | number | null, string | number]>([
  ['{ type: integer, minimum: 1, maximum: 10 }', 7, 7],
  ['{ type: integer }', ' 7 ', 7],
  ['{ type: integer, default: 3 }', null, 3],
  ["{ type: string, pattern: '^[0-9]+G$' }", '20G', '20G'],
  ['{ type: duration }', '10m', '10m'],
])('a late input that must be %s takes %j as %j', async (declared, given, taken) => {
  const { result } = await play(declared, given);

  expect(result).toMatchObject({ outcome: 'succeeded', outputs: { grown: taken } });
});

test.each<[string, string | number | null, string]>([
  ['{ type: integer, minimum: 1, maximum: 10 }', 11, 'Cannot use the input "size": found 11, at most 10'],
  ['{ type: integer }', 'many', 'Cannot use the input "size": found "many", expected an integer'],
  ['{ type: integer }', null, 'Cannot start without the input "size": it is required (integer)'],
  [
    "{ type: string, pattern: '^[0-9]+G$' }",
    '20',
    'Cannot use the input "size": found "20", expected text like ^[0-9]+G$',
  ],
  ['{ type: boolean }', 7, 'Cannot use the input "size": found 7, expected true or false'],
])('a late input that must be %s refuses %j before the child begins', async (declared, given, message) => {
  const { result, applied, journal } = await play(declared, given);

  expect(result).toMatchObject({ outcome: 'failed', error: { code: 'LATE_INPUT_INVALID', message, step: 'grow' } });
  expect(applied).toEqual([]);
  expect(journal.map(({ kind }) => kind)).not.toContain('child.started');
});

test('what a late input must be is material, its title is not (D5)', async () => {
  const [one, other, titled] = await Promise.all(
    ['{ type: integer }', '{ type: integer, maximum: 5 }', '{ type: integer, title: How much }'].map((declared) =>
      planText({ text: [parent, child(declared)].join('---\n') }),
    ),
  );

  expect(other?.plan.planHash).not.toBe(one?.plan.planHash);
  expect(titled?.plan.planHash).toBe(one?.plan.planHash);
});

test('a late value that the child needs when the plan is made is refused (D6)', async () => {
  const late = runbook(
    'inputs: { size: { type: duration }, pool: { type: string } }\nsteps: [{ id: say, uses: core.echo, with: {}, timeout: "${{ inputs.size }}" }]',
    'grow',
  );

  expect(await problemsOf({ text: [parent, late].join('---\n') })).toEqual(['LATE_VALUE spec.steps[0].timeout']);
});
