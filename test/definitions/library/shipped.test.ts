import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

import { checkPaths } from '../../../client/authoring/check';
import { prepareRehearsals } from '../../../client/authoring/rehearsals';
import { definitionFiles } from '../../../definitions/library';
import { rehearse } from '../../../workflows/rehearsal';

const library = join(__dirname, '..', '..', '..', 'definitions', 'library');
const { documents, problems } = checkPaths([library]);
const all = documents.flatMap((document) => (document.kind === 'Runbook' ? [document] : []));
/** What providers promise; they do nothing, and all of them stand in one file. */
const contracts = all.filter(({ file }) => basename(file) === 'contract.yaml');
const runbooks = all.filter((document) => !contracts.includes(document));

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

test('a contract has no steps, and somebody keeps it', () => {
  const kept = new Set(runbooks.map(({ spec }) => spec.implements?.split('@')[0]));

  expect(contracts.filter(({ spec }) => spec.steps.length > 0).map(({ metadata }) => metadata.name)).toEqual([]);
  // Hooks are what a site writes for itself.
  expect(contracts.map(({ metadata }) => metadata.name).filter((name) => !kept.has(name))).toEqual(['backup/hook']);
});

describe('the rehearsals beside the runbooks', () => {
  test('play every runbook that can be started by itself', () => {
    const rehearsed = documents.flatMap((document) => (document.kind === 'Rehearsal' ? [document.spec.runbook] : []));
    const startable = runbooks.flatMap(({ spec, metadata }) => (spec.scope === 'host' ? [] : [metadata.name]));

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
