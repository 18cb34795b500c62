import { planText } from './compiled';

function textOf(step: string): string {
  return `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: light, version: 1.0.0, owner: team/web }
spec:
  steps:
    - ${step}
`;
}

// D19: a light operation is done again in full when its workflow task is lost; only what a repeat does not harm may be one.
test.each([
  ['{ id: a, uses: core.echo, with: { message: hi } }', true],
  ['{ id: a, uses: core.echo, with: { message: hi }, effect: idempotent }', true],
  ['{ id: a, uses: core.echo, with: { message: hi }, effect: unsafe }', false],
  ["{ id: a, uses: http.request, with: { url: 'https://shop.example/' } }", false],
])('%s costs no queue: %s (D19)', async (step, light) => {
  const { plan } = await planText({ text: textOf(step) });

  expect(plan.program.steps).toMatchObject([{ operation: { light } }]);
});
