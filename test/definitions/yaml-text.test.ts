import fc from 'fast-check';

import { catalogue } from '../../activities/index';
import { lintDocuments } from '../../definitions/lint';
import { loadText } from '../../definitions/load';
import { textLimits } from '../../definitions/yaml-text';
import { documentText, nginxUpgrade, stepsText } from './documents';

/** Whatever the text: no throw, and every problem points into it. */
function judge(text: string): void {
  const { documents, problems } = loadText('any.yaml', text, { catalogue });
  const lint = lintDocuments(documents, { catalogue });
  const lines = text.split('\n').length;
  for (const problem of [...problems, ...lint]) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.message).toMatch(/^Cannot /);
  }
  expect(documents.length + problems.length).toBeGreaterThan(0);
}

describe('no text does worse than a problem', () => {
  test('arbitrary text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), yamlish()), judge), { numRuns: 300 });
  });

  test('a valid document with parts of it changed, cut out, doubled or moved', () => {
    const change = fc.record({
      at: fc.nat(nginxUpgrade.length),
      length: fc.nat(40),
      text: fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 12 })),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = nginxUpgrade;
        for (const { at, length, text: inserted } of changes)
          text = text.slice(0, at) + inserted + text.slice(at + length);
        judge(text);
      }),
      { numRuns: 150 },
    );
  });

  const megabytes = textLimits.bytes - 64;
  test.each([
    ['deep lists', '['.repeat(megabytes), 'TOO_DEEP'],
    ['deep maps', '{a: '.repeat(megabytes / 4), 'TOO_DEEP'],
    ['deep blocks', '- '.repeat(megabytes / 2), 'TOO_DEEP'],
    ['deep keys', '? '.repeat(megabytes / 2), 'TOO_DEEP'],
    ['many aliases', '*a '.repeat(megabytes / 3), 'TOO_MANY_ALIASES'],
    ['many documents', '---\n'.repeat(megabytes / 4), 'TOO_MANY_DOCUMENTS'],
    ['many keys', 'a: 1\n'.repeat(megabytes / 5), 'TOO_MANY_NODES'],
    ['one long word', 'a'.repeat(megabytes), 'NOT_A_DOCUMENT'],
    ['ten megabytes', ' '.repeat(10 * 1024 * 1024), 'FILE_TOO_LARGE'],
  ])('%s', (_, text, code) => {
    expect(loadText('any.yaml', text).problems.map((problem) => problem.code)).toEqual([code]);
  });

  test('a bomb of aliases', () => {
    const wide = (inner: string): string => `[${Array.from({ length: 10 }, () => inner).join(', ')}]`;
    const levels = Array.from({ length: 12 }, (_, level) => `x${level + 1}: &x${level + 1} ${wide(`*x${level}`)}`);

    const text = documentText('Team', 'members: []', `x0: &x0 ${wide('1')}`, ...levels);

    expect(loadText('bomb.yaml', text).problems.map(({ code }) => code)).toEqual(['TOO_MANY_NODES']);
  });

  test.each([
    [
      'unknown keys',
      documentText('Team', 'members: []', ...Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`)),
    ],
    ['misspelt verbs', stepsText(...Array.from({ length: 1_200 }, (_, index) => `- {id: s${index}, exce: [x]}`))],
  ])('more %s than anybody reads', (_, text) => {
    const { problems } = loadText('many.yaml', text);

    expect(problems).toHaveLength(1_001);
    expect(problems.map(({ code }) => code)).toContain('TOO_MANY_PROBLEMS');
  });

  test.each([
    ['a tag', stepsText('- {id: a, exec: !!str [x]}'), 'TAG_REFUSED'],
    ['an unknown tag', stepsText('- {id: a, exec: !x [x]}'), 'TAG_REFUSED'],
    [
      'a merge key',
      stepsText('- &a {id: a, assert: {that: x}}', '- {<<: *a, id: b}').replace('x}', "'${{ true }}'}"),
      'MERGE_KEY_REFUSED',
    ],
  ])('%s is one problem', (_, text, code) => {
    expect(loadText('any.yaml', text).problems.map((problem) => problem.code)).toEqual([code]);
  });
});

const tokens = [
  '[',
  ']',
  '{',
  '}',
  ': ',
  '- ',
  '? ',
  '&a ',
  '*a',
  '!!str ',
  '<<: ',
  '"',
  "'",
  '|\n',
  '>\n',
  '#',
  '%',
  '\n',
  '\n  ',
  '\t',
  '---\n',
  '${{',
  '}}',
  '~',
  '\0',
  '\u2028',
  '\ud800',
  '0x1F',
  '.nan',
  '1e999',
  'verb: exec',
  '__proto__: ',
] as const;

function yamlish(): fc.Arbitrary<string> {
  const head = 'apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: a, version: 1.0.0}\nspec:\n';
  const word = fc.constantFrom(...tokens, 'steps', 'exec', 'run', 'id', 'undo', 'rollout', 'a', '1', ' ');
  return fc
    .tuple(fc.constantFrom('', head, `${head}  steps:\n    - `), fc.array(word, { maxLength: 40 }))
    .map(([start, words]) => start + words.join(''));
}
