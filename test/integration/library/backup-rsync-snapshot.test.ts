import { appendFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { JsonObject } from '../../../workflows/domain/json';
import { findProgram } from '../../support/component';
import { everyFileProvider } from './backup-files-provider';
import { contents, openFileBackups } from './backup-of-files';
import type { FileBackups } from './backup-of-files';
import { failedAssertions, textAt } from './backup-stage';

jest.setTimeout(60_000);

let backups: FileBackups;

beforeAll(async () => {
  for (const name of ['rsync', 'jq']) findProgram(name, name);
  backups = await openFileBackups('rsync-snapshot');
}, 60_000);

afterAll(() => backups.stage.close());

test('what has not changed is one file for both snapshots', async () => {
  const { repository, source, first, second } = backups;
  const numbers = [first, second].map(async (set) => {
    const data = join(repository, textAt(set, 'setId'), 'data', source, 'data');
    return [(await stat(join(data, 'three'))).ino, (await stat(join(data, 'one'))).ino] as const;
  });

  const [[three, one] = [], [threeAgain, oneAgain] = []] = await Promise.all(numbers);

  expect([three === threeAgain, one === oneAgain]).toEqual([true, false]);
});

test('a copy offsite is compared byte by byte, and can be restored from', async () => {
  const { role, verified, stage, first } = backups;
  const offsite = join(stage.directory, 'offsite');
  await mkdir(offsite);
  const set = textAt(first, 'setId');

  const copied = await role('copy', { offsite, set, kind: 'full', label: 'b1' });

  expect(copied).toEqual({ setId: set, intact: true, problems: [] });
  expect(await verified(first, { level: 'V1', repository: offsite })).toMatchObject({ intact: true });
});

test.each([
  ['truncated-file', 'tree'],
  ['wrong-system', 'system'],
])('%s in what was restored is noticed by the assertion "%s" (R-DRILL-5)', async (mutation, assertion) => {
  const { role, restored, asserted, stage, files, first } = backups;
  const place = await restored(first, 'mutant');
  const set = textAt(first, 'setId');

  const mutated = await role('mutate', { ...place, ...files, set, mutation, seed: 4, stage: 'restored' });
  const found = await asserted(place, first);
  await stage.closed('mutant');

  expect(mutated).toMatchObject({ applied: true, repository: '' });
  expect(failedAssertions(found)).toContain(assertion);
});

test('a source that changes while it is backed up has no digest, what changed is named, and its other parts are compared (R-DRILL-4, R-BKP-13)', async () => {
  const { role, restored, asserted, stage, source, files } = backups;
  const about = { ...files, volatile: [], source: [source] };
  // The tree of before, as if the backup had been slow.
  const before = await stage.role('files/tree', about);
  await appendFile(join(source, 'log'), 'line\n');
  const after = await stage.role('files/tree', { ...about, before: before['manifest'] ?? {} });
  const changed = { ...(await role('backup', { ...files, kind: 'full', label: 'b3' })), ...after };
  const place = await restored(changed, 'changed');

  const found = await asserted(place, changed);
  const broken = await role('mutate', {
    ...place,
    ...files,
    set: textAt(changed, 'setId'),
    mutation: 'wrong-system',
    seed: 1,
    stage: 'restored',
  });
  const foundBroken = await asserted(place, changed);
  await stage.closed('changed');
  await role('forget', { sets: [textAt(changed, 'setId')] });

  const log = join(source, 'log');
  expect(after['manifest']).toMatchObject({
    tree: '',
    counts: {},
    files: 5,
    changedWhileRead: {
      parts: [log],
      files: [{ path: log, sizeBytes: 10, modifiedAtMs: expect.any(Number) }],
      fileCount: 1,
    },
  });
  expect(failedAssertions(found)).toEqual([]);
  expect(broken).toMatchObject({ applied: true });
  expect(failedAssertions(foundBroken)).toEqual(['parts', 'system']);
});

describe('a restore over what is live', () => {
  const live = (name: string, inputs: JsonObject): Promise<JsonObject> =>
    backups.stage.role(`rsync-snapshot/${name}`, { service: 'shop', source: [backups.source], ...inputs });

  const damage = async (): Promise<void> => {
    const { source } = backups;
    await rm(join(source, 'data', 'three'));
    await writeFile(join(source, 'data', 'intruder'), 'x');
    await appendFile(join(source, 'log'), 'line\n');
  };

  test('is compared, swapped and settled: the live files are those of the backup, and nothing is left beside them', async () => {
    const { restored, stage, source, second } = backups;
    const whole = await contents(source);
    await damage();
    const place = await restored(second, 'live');

    const compared = await live('compare', { ...place });
    const original = textAt(await live('swap', { ...place }), 'original');
    const swapped = await contents(source);
    const kept = await contents(original);
    const settled = await live('settle', { original: original, label: 'live' });
    await stage.closed('live');

    expect(compared['differences']).toEqual([
      { name: join(source, 'data', 'intruder'), live: expect.stringContaining('regular file'), restored: 'absent' },
      { name: join(source, 'data', 'three'), live: 'absent', restored: expect.stringContaining('regular file') },
      { name: join(source, 'log'), live: expect.any(String), restored: expect.any(String) },
    ]);
    expect(original).toBe(`${source}.mainstay-original-live`);
    expect({ ...swapped, '/log': '' }).toEqual({ ...whole, '/log': '' });
    expect(Object.keys(kept)).toContain('/data/intruder');
    expect(settled).toEqual({ removed: true });
    expect((await readdir(stage.directory)).filter((name) => name.startsWith('srv'))).toEqual(['srv']);
  });

  test('is taken back as if it had not been', async () => {
    const { restored, stage, source, second } = backups;
    await writeFile(join(source, 'data', 'newer'), 'x');
    const place = await restored(second, 'back');
    const before = await contents(source);

    await stage.undone('rsync-snapshot/swap', { service: 'shop', source: [source], ...place });
    await stage.closed('back');

    expect(await contents(source)).toEqual(before);
    expect((await readdir(stage.directory)).filter((name) => name.startsWith('srv'))).toEqual(['srv']);
    await rm(join(source, 'data', 'newer'));
  });

  test('settling deletes only what a swap of the label has kept', async () => {
    const { stage, source } = backups;
    const settled = stage.role('files/settle', { source: [source], original: source, label: 'live' });

    await expect(settled).rejects.toThrow(`Cannot delete ${source}`);
    expect(Object.keys(await contents(source))).not.toEqual([]);
  });
});

everyFileProvider(() => backups, { restore: /^digests differ/ });
