import type { RehearsalResult } from '../../../workflows/rehearsal';
import { rehearse } from '../../../workflows/rehearsal';
import { planText, problemsOf, runbook } from '../../definitions/compiled';

function spec(type: string, value = "'${{ steps.count.result.body }}'"): string {
  return runbook(`
steps: [{ id: count, uses: http.request, with: { url: 'https://count.example/' }, effect: read }]
outputs: { total: { type: ${type}, value: ${value} }, other: '\${{ steps.count.result.body }}' }
`);
}

async function play(type: string, body: string | number | null): Promise<RehearsalResult> {
  const { plan } = await planText({ text: spec(type) });
  return rehearse({ plan, hosts: {}, script: { outcomes: [{ step: 'count', result: { status: 200, body } }] } });
}

// Section 8: an output with a type has that type, or the run says why not.
test.each<[string, string | number | null, string | number | null]>([
  ['integer', 7, 7],
  ['integer', '7', 7],
  ['string', 'seven', 'seven'],
  ['integer', null, null],
])('an output of type %s gives %j as %j', async (type, body, total) => {
  expect((await play(type, body)).result).toMatchObject({ outcome: 'succeeded', outputs: { total, other: body } });
});

test.each<[string, string | number, string]>([
  ['integer', 'many', 'Cannot give the output "total": found "many", expected an integer'],
  ['string', 7, 'Cannot give the output "total": found number, expected text'],
])('an output of type %s fails the run that gives %j', async (type, body, message) => {
  expect((await play(type, body)).result).toMatchObject({
    outcome: 'failed',
    outputs: { total: null, other: body },
    error: { code: 'OUTPUT_INVALID', message, step: 'outputs.total' },
  });
});

test('an output that is known with the plan is looked at there', async () => {
  expect(await problemsOf({ text: spec('integer', 'many') })).toEqual(['INVALID_VALUE spec.outputs.total.value']);
  expect(await problemsOf({ text: spec('integer', '7') })).toEqual([]);
});
