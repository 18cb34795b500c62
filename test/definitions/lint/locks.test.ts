import { catalogue } from '../../../activities/index';
import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';
import { readMarks, runbookText } from '../documents';

function told(text: string): (readonly [string, number, number])[] {
  const { documents, problems } = loadText('sample.yaml', text, { catalogue });
  expect(problems).toEqual([]);
  return lintDocuments(documents, { catalogue }).map(({ code, line, column }) => [code, line, column]);
}

// D13: two runs that take the same locks in another order would wait for each other for ever.
test.each<[string, readonly string[]]>([
  ['a step takes one before that of the runbook', ['locks: [b]', 'steps: [{id: x, locks: [§a], steps: []}]']],
  [
    'an inner step takes one before that of its group',
    ['locks: [a]', 'steps: [{id: x, locks: [c], steps: [{id: y, locks: [d, §b], steps: []}]}]'],
  ],
])('LOCK_ORDER: %s (D13)', (_what, lines) => {
  const { plain, places } = readMarks(runbookText(...lines));

  expect(told(plain)).toEqual(places.map(([line, column]) => ['LOCK_ORDER', line, column]));
});

test.each<[string, readonly string[]]>([
  ['taken in the order of their names', ['locks: [a]', 'steps: [{id: x, locks: [c, b], steps: []}]']],
  ['held already', ['locks: [a, b]', 'steps: [{id: x, locks: [a], steps: []}]']],
  ['given back before', ['steps: [{id: x, locks: [b], steps: []}, {id: y, locks: [a], steps: []}]']],
])('no complaint about locks that are %s (D13)', (_what, lines) => {
  expect(told(runbookText(...lines))).toEqual([]);
});
