import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { requestErrors } from '../../client/api/errors';
import { changeRefusals } from '../../client/change-refusals';

const root = join(__dirname, '..', '..');
const change = join(root, 'workflows', 'change');
const sources = [
  ...readdirSync(change).map((name) => join(change, name)),
  ...['plan-change.ts', 'change-model.ts', 'requester-scope.ts'].map((name) => join(root, 'activities', 'plans', name)),
  join(root, 'workflows', 'domain', 'change-window.ts'),
];

/** As they stand in the sources: what is refused with and what is only a word of a calendar or a task. */
function codesIn(text: string): readonly string[] {
  const found = [...text.matchAll(/(?:refuse|problem)\(\s*'([A-Z_]+)'|code: '([A-Z_]+)'/g)];
  return found.flatMap(([, refused, coded]) => refused ?? coded ?? []);
}

test('every code that a change refuses with has a hint of its own', () => {
  const codes = new Set(sources.flatMap((file) => codesIn(readFileSync(file, 'utf8'))));

  const known = new Set([...Object.keys(changeRefusals), ...Object.keys(requestErrors)]);
  expect(codes.size).toBeGreaterThan(10);
  expect([...codes].filter((code) => !known.has(code))).toEqual([]);
});
