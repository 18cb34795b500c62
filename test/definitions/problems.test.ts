import fc from 'fast-check';

import { formatProblem, makeProblem, nearestWord, pathText, sortProblems } from '../../definitions/problems';

test.each([
  ['retyr', 'retry'],
  ['exce', 'exec'],
  ['maxfailures', 'maxFailures'],
  ['max-failures', 'maxFailures'],
  ['on_failure', 'onFailure'],
  ['xyz', null],
  ['', null],
  ['pass', 'pass'],
])('nearestWord(%j) is %j', (word, nearest) => {
  expect(nearestWord(word, ['retry', 'exec', 'maxFailures', 'onFailure', 'pass', 'parallel'])).toBe(nearest);
});

test('nearestWord() answers only words that it was given', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (word, known) => {
      const nearest = nearestWord(word, known);
      expect(nearest === null || known.includes(nearest)).toBe(true);
    }),
  );
});

test.each([
  [[], ''],
  [['spec', 'steps', 2, 'exec', 0], 'spec.steps[2].exec[0]'],
  [['spec', 'env', 'A B'], 'spec.env["A B"]'],
])('pathText(%j) is %s', (path, text) => {
  expect(pathText(path)).toBe(text);
});

describe('problems', () => {
  const at = (file: string, line: number, column: number) =>
    makeProblem(
      'MISSING_KEY',
      { file, line, column, path: ['spec'] },
      { message: 'Cannot read "spec": the key "steps" is missing', nearest: column === 9 ? 'step' : null },
    );

  test('are sorted by file, line and column, each told once', () => {
    const sorted = sortProblems([at('b', 1, 1), at('a', 2, 1), at('a', 1, 9), at('a', 1, 9), at('a', 1, 2)]);

    expect(sorted.map(({ file, line, column }) => [file, line, column])).toEqual([
      ['a', 1, 2],
      ['a', 1, 9],
      ['a', 2, 1],
      ['b', 1, 1],
    ]);
  });

  test('are one line each, with place, code and the nearest word', () => {
    expect(formatProblem(at('x.yaml', 3, 9))).toMatchInlineSnapshot(
      `"x.yaml:3:9 MISSING_KEY Cannot read "spec": the key "steps" is missing; did you mean "step"?"`,
    );
  });
});
