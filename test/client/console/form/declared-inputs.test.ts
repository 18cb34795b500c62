import { declaredInputs, ownInventory } from '../../../../client/console/form/declared-inputs';

const text = `
apiVersion: mainstay/v1
kind: Team
metadata: {name: web}
spec: {members: [user/anna]}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: web/upgrade, version: 1.0.0}
spec:
  inventory: lab
  inputs: {version: {type: string}, count: {type: integer, default: 2}}
  steps: []
`;

test('declaredInputs() reads what the runbook of this name asks, in the order of its text', () => {
  expect(Object.entries(declaredInputs(text, 'web/upgrade'))).toEqual([
    ['version', { type: 'string' }],
    ['count', { type: 'integer', default: 2 }],
  ]);
});

test('declaredInputs() finds nothing in a text without this runbook', () => {
  expect(declaredInputs(text, 'other')).toEqual({});
});

test('ownInventory() tells which inventory the runbook names', () => {
  expect(ownInventory(text)).toBe('lab');
  expect(ownInventory('kind: Runbook\nspec: {steps: []}')).toBeNull();
});
