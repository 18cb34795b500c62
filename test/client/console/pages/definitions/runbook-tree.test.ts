import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runbookTree } from '../../../../../client/console/pages/definitions/runbook-tree';
import type { TreeStep } from '../../../../../client/console/pages/run/step-tree';

function shape(steps: readonly TreeStep[]): readonly unknown[] {
  return steps.map(({ path, verb, order, steps: inner }) =>
    inner.length === 0 ? `${path} ${verb}` : [`${path} ${verb} ${order}`, ...shape(inner)],
  );
}

const text = `
spec:
  steps:
    - { id: drain, run: echo }
    - id: upgrade
      rollout: { targets: all }
      steps: [{ id: install, exec: [apt] }]
    - id: both
      parallel: [{ id: left, uses: http.request }, { id: right, wait: { for: 1s } }]
    - id: choose
      switch: x
      cases: { a: [{ id: one, run: echo }] }
      default: [{ id: two, run: echo }]
    - name: Look at it
      manual: { title: Look }
      rescue: [{ id: say, run: echo }]
  finally:
    - { id: tidy, run: echo }
`;

describe('runbookTree()', () => {
  it('draws what holds what, and what goes side by side', () => {
    expect(shape(runbookTree(text))).toEqual([
      'drain run',
      ['upgrade rollout sequence', 'upgrade/install exec'],
      ['both parallel parallel', 'both/left uses', 'both/right wait'],
      ['choose switch parallel', 'choose/a/one run', 'choose/otherwise/two run'],
      ['manual-5 manual sequence', 'manual-5/rescue/say run'],
      'finally/tidy run',
    ]);
  });

  it('says of each step what it does, as it is written', () => {
    const words = runbookTree(text).map((step) => step.words);

    expect(words).toEqual(['echo', 'all', '2 side by side', 'x', 'Look', 'echo']);
    expect(runbookTree(text)[1]?.steps[0]?.words).toBe('apt');
  });

  it('says what runs only after a failure, and what runs whatever happened', () => {
    const steps = runbookTree(text);

    expect(steps.at(-2)?.steps.map(({ isRescue }) => isRescue)).toEqual([true]);
    expect(steps.at(-1)?.isFinal).toBe(true);
  });

  it.each([[''], ['spec: ['], ['spec: { steps: 7 }'], ['- a']])('draws nothing of %j', (broken) => {
    expect(runbookTree(broken)).toEqual([]);
  });

  it('draws every shipped runbook, with a verb for each step', () => {
    const folder = join(__dirname, '../../../../../definitions/library');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    const runbooks = files
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .filter((document) => /^kind: Runbook$/m.test(document) && !/^---$/m.test(document));

    const drawn = runbooks.map((document) => JSON.stringify(shape(runbookTree(document))));

    expect(drawn.length).toBeGreaterThan(20);
    expect(drawn.filter((tree) => tree === '[]' || tree.includes(' ?'))).toEqual([]);
  });
});
