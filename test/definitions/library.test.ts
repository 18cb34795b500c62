import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import type { LoadedDocument } from '../../definitions/document';
import {
  compareVersions,
  definitionFiles,
  filesBeside,
  resolveReference,
  shippedLibrary,
} from '../../definitions/library';
import { loadFiles, loadText } from '../../definitions/load';

function published(name: string, version: string, title = 'one'): LoadedDocument {
  const text = `apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: ${name}, version: ${version}, title: ${title}}\nspec: {steps: []}\n`;
  const [document] = loadText(`${title}.yaml`, text).documents;
  if (document === undefined) throw new Error('the sample does not load');
  return document;
}

describe('resolveReference()', () => {
  const versions = ['1.0.0', '1.9.0', '1.10.0', '2.0.0', '2.1.0-rc.1', '10.0.0'].map((version) =>
    published('backup/restore', version),
  );

  test.each([
    ['backup/restore', '10.0.0'],
    ['backup/restore@1', '1.10.0'],
    ['backup/restore@1.9', '1.9.0'],
    ['backup/restore@1.0.0', '1.0.0'],
    // A version before its release is taken only by its name.
    ['backup/restore@2', '2.0.0'],
    ['backup/restore@2.1.0-rc.1', '2.1.0-rc.1'],
  ])('%s is %s', (reference, version) => {
    const resolved = resolveReference('Runbook', reference, [versions]);

    expect(resolved.ok ? resolved.document.metadata.version : resolved).toBe(version);
  });

  test('takes the first tier that knows the name, even if a later one has a newer version', () => {
    const resolved = resolveReference('Runbook', 'a', [[], [published('a', '1.0.0')], [published('a', '2.0.0')]]);

    expect(resolved.ok ? resolved.document.metadata.version : resolved).toBe('1.0.0');
  });

  test('refuses to choose between two texts of one version', () => {
    const tier = [published('a', '1.0.0', 'one'), published('a', '1.0.0', 'two')];

    expect(resolveReference('Runbook', 'a@1', [tier])).toEqual({
      ok: false,
      code: 'AMBIGUOUS_REFERENCE',
      message: 'Cannot choose the Runbook "a@1": "one.yaml" and "two.yaml" both have version 1.0.0',
      accepted: [],
      nearest: null,
    });
  });

  test('takes the same text given twice as one', () => {
    expect(resolveReference('Runbook', 'a', [[published('a', '1.0.0'), published('a', '1.0.0')]]).ok).toBe(true);
  });

  test('names what is known when nothing matches', () => {
    expect(resolveReference('Runbook', 'backup/restor', [versions])).toMatchObject({
      code: 'UNKNOWN_REFERENCE',
      nearest: 'backup/restore',
    });
    expect(resolveReference('Runbook', 'backup/restore@3', [versions])).toMatchObject({
      code: 'UNKNOWN_REFERENCE',
      accepted: expect.arrayContaining(['backup/restore@2.0.0']),
    });
    expect(resolveReference('Team', 'backup/restore', [versions])).toMatchObject({ ok: false, accepted: [] });
  });
});

test('compareVersions() orders as semantic versions do', () => {
  const ordered = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2.0',
    '1.10.0',
    '2.0.0',
  ];

  fc.assert(
    fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (shuffled) => {
      expect([...shuffled].sort(compareVersions)).toEqual(ordered);
    }),
  );
});

describe('definitionFiles()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-library-'));

  beforeAll(() => {
    mkdirSync(join(folder, 'web', '.hidden'), { recursive: true });
    for (const name of ['b.yaml', 'a.yml', 'notes.txt', '.dot.yaml', 'web/c.yaml', 'web/.hidden/d.yaml'])
      writeFileSync(join(folder, name), '');
    symlinkSync(folder, join(folder, 'loop'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('finds YAML files below a folder by name, and follows no link', () => {
    expect(definitionFiles(folder).map((path) => path.slice(folder.length + 1))).toEqual([
      'a.yml',
      'b.yaml',
      'web/c.yaml',
    ]);
  });

  test('takes a file as it is, there or not', () => {
    expect(definitionFiles(join(folder, 'none.yaml'))).toEqual([join(folder, 'none.yaml')]);
  });

  test('filesBeside() finds the neighbours of a document only', () => {
    expect(filesBeside(join(folder, 'b.yaml')).map((path) => path.slice(folder.length + 1))).toEqual([
      'a.yml',
      'b.yaml',
    ]);
  });
});

test('the shipped library loads', () => {
  const shipped = shippedLibrary();

  expect(shipped === null ? [] : loadFiles(definitionFiles(shipped)).problems).toEqual([]);
});
