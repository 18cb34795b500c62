import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './source';

const text = readFileSync(join(root, 'docs/decisions.md'), 'utf8');
const decisions = [...text.matchAll(/^## (D\d+) /gm)].map((match) => match[1] ?? '');

interface Guard {
  readonly decision: string;
  readonly file: string;
}

/** The table "What guards it", one entry for each file of a row. */
const guards: readonly Guard[] = [...text.matchAll(/^\| (D\d+) +\|[^|]*\|([^|]*)\|$/gm)].flatMap((row) =>
  [...(row[2] ?? '').matchAll(/`([^`]+)`/g)].map((file) => ({ decision: row[1] ?? '', file: file[1] ?? '' })),
);

describe('docs/decisions.md', () => {
  test('says of every decision what guards it', () => {
    const guarded = new Set(guards.map(({ decision }) => decision));

    expect(decisions.length).toBeGreaterThanOrEqual(19);
    expect(decisions.filter((decision) => !guarded.has(decision))).toEqual([]);
  });

  test('names test files that are there and name the decision', () => {
    const unfit = guards.filter(({ decision, file }) => {
      const path = join(root, 'test', file);
      return !existsSync(path) || !new RegExp(`\\b${decision}\\b`).test(readFileSync(path, 'utf8'));
    });

    expect(unfit).toEqual([]);
  });
});
