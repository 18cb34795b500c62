import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { checkPaths } from '../../../client/authoring/check';
import { prepareRehearsals } from '../../../client/authoring/rehearsals';
import { definitionFiles } from '../../../definitions/library';
import { rehearse } from '../../../workflows/rehearsal';

const library = join(__dirname, '..', '..', '..', 'definitions', 'library');
const { documents, problems } = checkPaths([library]);
const runbooks = documents.filter(({ kind }) => kind === 'Runbook');

test('the shipped library has no problem', () => {
  expect(problems.map(({ file, code, message }) => `${relative(library, file)} ${code} ${message}`)).toEqual([]);
});

test.each(runbooks.map(({ file, metadata }) => [metadata.name, file]))(
  '%s lies where its name says, and tells in three lines when, what and how it is undone',
  (name, file) => {
    const lines = readFileSync(file, 'utf8').split('\n');

    expect(relative(library, file)).toBe(`${name}.yaml`);
    expect(lines.slice(0, 4)).toEqual([
      expect.stringMatching(/^# When to use it: .+/),
      expect.stringMatching(/^# What it changes: .+/),
      expect.stringMatching(/^# How it is undone: .+/),
      'apiVersion: mainstay/v1',
    ]);
    // The last line ends, and nothing follows.
    expect(lines.length - 1).toBeLessThan(80);
  },
);

describe('the rehearsals beside the runbooks', () => {
  test('play every runbook that can be started by itself', () => {
    const rehearsed = documents.flatMap((document) => (document.kind === 'Rehearsal' ? [document.spec.runbook] : []));
    const startable = runbooks.flatMap((document) =>
      document.kind === 'Runbook' && document.spec.scope !== 'host' ? [document.metadata.name] : [],
    );

    expect(new Set(rehearsed)).toEqual(new Set(startable));
  });

  const files = definitionFiles(library).filter((file) => file.endsWith('rehearsal.yaml'));

  test.each(files.map((file) => [relative(library, file), file]))('%s meets what it expects', async (_name, file) => {
    const prepared = await prepareRehearsals([file]);
    if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems));

    for (const { name, request } of prepared.rehearsals) {
      if (!('value' in request)) throw new Error(`${name}: ${JSON.stringify(request)}`);
      const played = await rehearse(request.value);
      expect([name, played.problems]).toEqual([name, []]);
    }
  });
});
