import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { failures } from '../../../activities/failures';
import { coreFailures } from '../../../activities/core/failures';
import { httpFailures } from '../../../activities/http/failures';
import { runtimeFailures } from '../../../activities/runtime/failures';
import { sshFailures } from '../../../activities/ssh/failures';
import { runFailures } from '../../../workflows/domain/run-failures';

const root = join(__dirname, '../../../workflows');

/** Refusals are answers to people, not failures of steps. */
const refusals = new Set(['TASK_NOT_FOUND', 'NOT_ELIGIBLE']);

function codesIn(folder: string): readonly string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = files.map((file) => readFileSync(join(root, folder, file), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/\bcode: '([A-Z_]+)'/g)].map((match) => match[1] ?? ''));
}

test('every code that a run gives stands in exactly one table', () => {
  const given = new Set([
    ...codesIn('runbook'),
    'OUTPUT_MASKED',
    'OUTPUT_TRUNCATED',
    'GIVEN_UP',
    'LOOP_INVALID',
    'DUPLICATE_KEY',
  ]);

  expect([...given].filter((code) => !refusals.has(code) && !(code in failures))).toEqual([]);
  const others = { ...coreFailures, ...httpFailures, ...runtimeFailures, ...sshFailures };
  expect(Object.keys(runFailures).filter((code) => code in others)).toEqual([]);
});
