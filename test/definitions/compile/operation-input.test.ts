import { problemsOf, withInventory } from '../compiled';

const before = '{ id: z, exec: [cat, size], targets: web1, effect: read }';

/** A field is looked at as soon as it is known, whatever the others are. */
test.each<[string, readonly string[]]>([
  ["{ content: '${{ steps.z.stdout }}', dest: /a, mode: '0644' }", []],
  ["{ content: '${{ steps.z.stdout }}', dest: /a, mode: rw }", ['INVALID_INPUT_FIELD spec.steps[1].with.mode']],
  ["{ content: '${{ steps.z.stdout }}' }", ['INVALID_INPUT_FIELD spec.steps[1].with']],
  ["{ content: '${{ steps.z.stdout }}', dest: /a, ownr: x }", ['INVALID_INPUT_FIELD spec.steps[1].with.ownr']],
  ['{ content: x, dest: /a, mode: rw }', ['INVALID_INPUT_FIELD spec.steps[1].with.mode']],
  ['{ dest: /a }', ['INVALID_INPUT_FIELD spec.steps[1].with']],
  // One problem, not also that the field is empty.
  ['{ file: nothere, dest: /a }', ['FILE_UNREADABLE spec.steps[1].with.file']],
  ["{ content: '${{ steps.y.stdout }}', dest: /a }", ['UNKNOWN_STEP spec.steps[1].with.content']],
])('compile() looks at the input %s', async (fields, problems) => {
  const text = withInventory(
    `steps: [${before}, { id: a, uses: ssh.put, targets: web1, with: ${fields}, undo: none }]`,
  );

  expect(await problemsOf({ text })).toEqual(problems);
});

test.each([
  [
    'steps: [{ id: a, rollout: { targets: [web1], parallel: 0 }, steps: [{ id: b, exec: [x] }] }]',
    'spec.steps[0].rollout.parallel',
  ],
  ['steps: [{ id: a, exec: [x], targets: [web1], fanOut: { parallel: 0 } }]', 'spec.steps[0].fanOut.parallel'],
  [
    'steps: [{ id: a, forEach: { in: [1], parallel: 0 }, steps: [{ id: b, set: { x: 1 } }] }]',
    'spec.steps[0].forEach.parallel',
  ],
  ['concurrency: { key: a, limit: 0 }\nsteps: []', 'spec.concurrency.limit'],
])('compile() refuses to do nothing at a time: %s', async (spec, path) => {
  expect(await problemsOf({ text: withInventory(spec) })).toEqual([`INVALID_COUNT ${path}`]);
});
