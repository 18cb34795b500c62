import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root, sourceFiles } from './source';

describe('docs/decisions.md', () => {
  test('every decision has a test that names it', () => {
    const decisions = [...readFileSync(join(root, 'docs/decisions.md'), 'utf8').matchAll(/^## (D\d+) /gm)].map(
      (match) => match[1] ?? '',
    );
    const tests = sourceFiles('test')
      .filter((file) => file.path !== 'test/architecture/decisions.test.ts')
      .map((file) => file.text)
      .join('\n');

    const unnamed = decisions.filter((decision) => !new RegExp(`\\b${decision}\\b`).test(tests));

    expect(decisions.length).toBeGreaterThanOrEqual(19);
    expect(unnamed).toEqual([]);
  });
});
