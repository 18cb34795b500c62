import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { z } from 'zod';

import { packageRoot } from '../../../platform/package-root';
import { findProgram } from '../../support/component';

const script = join(packageRoot(), 'definitions', 'library', 'backup', 'files', 'tree.sh');
const Manifest = z.looseObject({
  takenAtMs: z.number(),
  sums: z.record(z.string(), z.string()),
  tree: z.string(),
  files: z.number(),
  changedWhileRead: z
    .strictObject({
      parts: z.array(z.string()),
      files: z.array(z.strictObject({ path: z.string(), sizeBytes: z.number(), modifiedAtMs: z.number() })),
      fileCount: z.number(),
    })
    .optional(),
});
type Manifest = z.infer<typeof Manifest>;

jest.setTimeout(60_000);

let directory: string;
let source: string;

beforeEach(async () => {
  findProgram('jq', 'jq');
  directory = await mkdtemp(join(tmpdir(), 'mainstay-tree-'));
  source = join(directory, 'srv');
  await mkdir(source);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

interface Look {
  readonly sources?: readonly string[];
  readonly before?: Manifest | null;
  /** Folder with programs that come before those of the host. */
  readonly programs?: string;
}

/** The answer as the step of `backup/files/tree` gets it. */
async function manifestOf({ sources = [source], before = null, programs = '' }: Look = {}): Promise<Manifest> {
  const child = spawn('sh', ['-eu', '-s'], {
    env: {
      PATH: [programs, '/usr/sbin', '/usr/bin', '/sbin', '/bin'].filter((folder) => folder !== '').join(delimiter),
      BASE: '',
      AGAINST: '',
      SOURCE: JSON.stringify(sources),
      VOLATILE: '[]',
      HEARTBEAT: '',
      IDENTITY: '',
      BEFORE: JSON.stringify(before),
    },
  });
  createReadStream(script).pipe(child.stdin);
  const [said, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(`tree.sh: exit code ${String(code)}: ${errors}`);
  return Manifest.parse(JSON.parse(said));
}

test('of a tree in which 1,500 files of long names change, some are named and all are counted (R-BKP-13)', async () => {
  const files = Array.from({ length: 1500 }, (_, index) => join(source, 'busy', `${index}-`.padEnd(240, 'n')));
  await mkdir(join(source, 'busy'));
  await writeFile(join(source, 'quiet'), 'as it was');
  await Promise.all(files.map((file) => writeFile(file, 'one')));
  const before = await manifestOf();
  await Promise.all(files.map((file) => appendFile(file, 'more')));

  const after = await manifestOf({ before });

  expect(after).toMatchObject({ tree: '', files: 1501 });
  expect(Object.keys(after.sums)).toEqual([source, join(source, 'quiet')]);
  expect(after.changedWhileRead).toMatchObject({ parts: [join(source, 'busy')], fileCount: 1500 });
  expect(after.changedWhileRead?.files).toHaveLength(20);
});

test.each([
  ['a line feed', 'a\nb', 'a\\nb'],
  ['a tab', 'a\tb', 'a\\tb'],
  ['a carriage return', 'a\rb', 'a\\rb'],
  ['a backslash', 'a\\b', 'a\\\\b'],
  ['what reads like another record', 'a\n9\t9\t.b', 'a\\n9\\t9\\t.b'],
  ['a quotation mark', 'a"b', 'a"b'],
  ['letters of another script', 'größe', 'größe'],
])('a file with %s in its name that changes is named like any other (R-BKP-13)', async (_what, name, said) => {
  const file = join(source, name);
  await writeFile(file, 'one');
  await writeFile(join(source, 'quiet'), 'as it was');
  const before = await manifestOf();
  await writeFile(file, 'two');

  const after = await manifestOf({ before });

  expect(before).toMatchObject({ files: 2 });
  expect(after.changedWhileRead).toMatchObject({ fileCount: 1, files: [{ path: `${source}/${said}`, sizeBytes: 3 }] });
  expect(after.sums).toHaveProperty([join(source, 'quiet')]);
});

test('a file that goes away while it is looked for keeps no other from being named (R-BKP-13)', async () => {
  const sources = ['one', 'two', 'three'].map((name) => join(source, name));
  for (const folder of sources) {
    await mkdir(folder);
    await writeFile(join(folder, 'file'), 'one');
  }
  const before = await manifestOf({ sources });
  for (const folder of sources) await writeFile(join(folder, 'file'), 'two');
  // As find ends when a file is gone before it was looked at.
  const programs = join(directory, 'bin');
  await mkdir(programs);
  await writeFile(join(programs, 'find'), '#!/bin/sh\n/usr/bin/find "$@"\nexit 1\n');
  await chmod(join(programs, 'find'), 0o755);

  const after = await manifestOf({ sources, before, programs });

  expect(after.changedWhileRead?.files.map(({ path }) => path)).toEqual(sources.map((folder) => join(folder, 'file')));
});

test('a file that was written just before the earlier answer is not told as changed', async () => {
  await mkdir(join(source, 'still'));
  await writeFile(join(source, 'still', 'file'), 'one');
  await writeFile(join(source, 'moving'), 'one');
  const before = await manifestOf();
  await writeFile(join(source, 'moving'), 'two');

  const after = await manifestOf({ before });

  expect(after.changedWhileRead?.files.map(({ path }) => path)).toEqual([join(source, 'moving')]);
});

test('parts of very long names are not told one by one: the answer can be given back', async () => {
  // Octal in the text of an entry: four characters for each byte.
  const names = Array.from({ length: 60 }, (_, index) => `${index}-`.padEnd(120, 'ö'));
  for (const name of names) await writeFile(join(source, name), 'one');
  const before = await manifestOf();

  const after = await manifestOf({ before });

  expect(before.sums).toEqual({});
  expect(after).toEqual(before);
});
