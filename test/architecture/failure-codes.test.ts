import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { codesAsMarkdown } from '../../client/cli/verbs/explain';
import { root } from './source';

test('docs/failure-codes.md is what `mainstay explain --markdown` prints', () => {
  expect(readFileSync(join(root, 'docs/failure-codes.md'), 'utf8').trim()).toBe(codesAsMarkdown());
});
