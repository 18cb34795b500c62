import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { contents, heartbeat } from './backup-of-files';
import type { FileBackups } from './backup-of-files';
import { failedAssertions, listAt, objectAt, textAt } from './backup-stage';

export interface Noticed {
  /** How the restore words a flipped byte. */
  readonly restore: RegExp;
  /** What the tool itself says of a copy with a flipped byte. */
  readonly byTool?: (repository: string) => Promise<void>;
}

/** What holds of every provider of files. */
export function everyFileProvider(given: () => FileBackups, noticed: Noticed): void {
  test('a backup has a manifest of the source at its time, without what changes by itself (R-DRILL-4)', () => {
    const { source, first, second } = given();

    expect(first).toMatchObject({ exitCode: 0, kind: 'full', parent: '' });
    expect(Number(first['sizeBytes'])).toBeGreaterThan(170_000);
    expect(objectAt(first, 'manifest')).toEqual({
      takenAtMs: expect.any(Number),
      heartbeatAtMs: heartbeat,
      system: 'system 1',
      counts: { files: 4 },
      sums: Object.fromEntries(
        ['', '/data', '/identity', '/link'].map((part) => [source + part, expect.stringMatching(/^[0-9a-f]{32}$/)]),
      ),
      tree: expect.stringMatching(/^[0-9a-f]{64}$/),
      files: 4,
    });
    expect(second['setId']).not.toBe(first['setId']);
    expect(second['digest']).not.toBe(first['digest']);
    expect(objectAt(second, 'manifest')['tree']).not.toBe(objectAt(first, 'manifest')['tree']);
  });

  test('the list has both sets with their labels, newest first', async () => {
    const { role, first, second } = given();

    const sets = listAt(await role('list'), 'sets');

    expect(sets.map(({ setId, label, kind, parent }) => [setId, label, kind, parent])).toEqual([
      [second['setId'], 'b2', 'full', ''],
      [first['setId'], 'b1', 'full', ''],
    ]);
    expect(Number(sets[0]?.['atMs'])).toBeGreaterThan(Number(second['startedAtMs']) - 2000);
  });

  test('the preflight tells space, clock and version, and no lock; without a repository it fails', async () => {
    const { role, stage } = given();

    const looked = await role('preflight');

    expect(looked).toMatchObject({
      toolVersion: expect.stringMatching(/^\d+\./),
      serverVersion: '',
      lagSeconds: -1,
      locks: [],
    });
    expect(Number(looked['freeBytes'])).toBeGreaterThan(Number(looked['neededBytes']));
    expect(Math.abs(Number(looked['clockMs']) - Date.now())).toBeLessThan(10_000);
    await expect(role('preflight', { repository: join(stage.directory, 'none') })).rejects.toThrow(
      /Cannot (open|find)/,
    );
  });

  test('an intact set is intact when all of it is read, a part of it, and a sample of its files', async () => {
    const { verified, first } = given();

    const whole = await verified(first, { level: 'V1' });
    const part = await verified(first, { level: 'V1', readPercent: 10 });
    const sample = await verified(first, { level: 'V2' });

    expect(whole).toEqual({ intact: true, readPercent: 100, problems: [] });
    expect(part).toMatchObject({ intact: true, problems: [] });
    expect(Number(part['readPercent'])).toBeGreaterThan(0);
    expect(sample).toMatchObject({ intact: true, problems: [] });
  });

  test('what is restored into a place is right, and what is not met or cannot be made is not ok (R-DRILL-1)', async () => {
    const { restored, asserted, stage, source, first, second } = given();
    const place = await restored(first, 'right');
    const own = [
      { name: 'words', run: `wc -w <.${source}/data/three`, expect: '9000' },
      { name: 'client', run: 'test -d .', level: 'V6' },
    ];

    const found = await asserted(place, first, own);
    const unmet = await asserted(place, second, [
      { name: 'number', run: 'echo 3', expect: '4' },
      { name: 'program', run: 'no-such-program' },
    ]);
    const closed = await stage.closed('right');

    expect(listAt(found, 'results').map(({ name, level, ok }) => [name, level, ok])).toEqual([
      ['files', 'V3', true],
      ['tree', 'V3', true],
      ['system', 'V3', true],
      ['heartbeat', 'V5', true],
      ['words', 'V5', true],
      ['client', 'V6', true],
    ]);
    expect(found['heartbeatAtMs']).toBe(heartbeat);
    // The manifest of the other set: it is told that this one is older.
    expect(failedAssertions(unmet)).toEqual(['tree', 'number', 'program']);
    expect(listAt(unmet, 'results')[1]?.['detail']).toBe(`differs: ${join(source, 'data')}`);
    expect(closed['leftovers']).toEqual([]);
    expect(existsSync(place.directory)).toBe(false);
  });

  test('a flipped byte in a copy is noticed, and the repository stays as it is (R-BKP-11, R-DRILL-5)', async () => {
    const { role, verified, stage, repository, first } = given();
    const place = await stage.place('mutant');
    const set = textAt(first, 'setId');
    const before = await contents(repository);

    const mutated = await role('mutate', { ...place, set, mutation: 'flipped-bytes', stage: 'repository', seed: 3 });
    const copy = textAt(mutated, 'repository');
    await noticed.byTool?.(copy);
    const found = await verified(first, { level: 'V1', repository: copy });
    const outcome = await role('restore', { ...place, set, targetMs: 0, repository: copy });
    await stage.closed('mutant');

    expect(mutated).toMatchObject({ applied: true, what: expect.stringMatching(/byte/) });
    expect(found).toMatchObject({
      intact: false,
      readPercent: 100,
      problems: expect.arrayContaining([expect.any(String)]),
    });
    expect(outcome).toMatchObject({ restored: false, fault: 'backup', reason: expect.stringMatching(noticed.restore) });
    expect(await contents(repository)).toEqual(before);
  });

  test('a set that is not there is the fault of the backup (R-DRILL-5)', async () => {
    const { role, verified, stage, first } = given();
    // Of the same form, and of nobody.
    const setId = textAt(first, 'setId').replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const place = await stage.place('missing');

    expect(await verified({ setId }, { level: 'V1' })).toMatchObject({ intact: false });
    expect(await role('restore', { ...place, set: setId, targetMs: 0 })).toMatchObject({
      restored: false,
      fault: 'backup',
    });
    await stage.closed('missing');
  });

  test('a file that is gone from what was restored is noticed by a named assertion (R-DRILL-5)', async () => {
    const { role, restored, asserted, stage, files, first } = given();
    const place = await restored(first, 'mutant');
    const about = { ...place, ...files, set: textAt(first, 'setId'), mutation: 'missing-file', seed: 4 };

    const before = await role('mutate', { ...about, stage: 'repository' });
    const mutated = await role('mutate', { ...about, stage: 'restored' });
    const found = await asserted(place, first);
    await stage.closed('mutant');

    expect(before).toEqual({ applied: false, repository: '', what: '' });
    expect(mutated).toMatchObject({ applied: true, repository: '', what: expect.stringContaining(place.directory) });
    expect(failedAssertions(found)).toEqual(expect.arrayContaining(['files', 'tree']));
  });

  test('with the marker of another place nothing is written (R-DRILL-1)', async () => {
    const { role, stage, first } = given();
    const place = await stage.place('theirs');
    await writeFile(join(place.directory, 'theirs'), 'x');
    const set = textAt(first, 'setId');

    const outcome = await role('restore', { ...place, label: 'ours', set, targetMs: 0 });
    const about = { ...place, label: 'ours', set, mutation: 'flipped-bytes', stage: 'repository', seed: 1 };

    expect(outcome).toMatchObject({ restored: false, fault: 'place', bytes: 0 });
    await expect(role('mutate', about)).rejects.toThrow('it is no place of ours');
    expect((await readdir(place.directory)).sort()).toEqual(['.mainstay-place', 'theirs']);
    await stage.closed('theirs');
  });

  test('exactly the named set is forgotten, the repository stays consistent, and once more changes nothing (R-BKP-3, R-BKP-10)', async () => {
    const { role, verified, first, second } = given();
    const sets = [textAt(first, 'setId')];

    const forgotten = await role('forget', { sets });
    const again = await role('forget', { sets });
    const none = await role('forget', { sets: [] });

    expect(forgotten).toMatchObject({ forgotten: sets, intact: true });
    expect(again).toMatchObject({ forgotten: sets, intact: true });
    expect(none).toMatchObject({ forgotten: [], intact: true });
    expect(listAt(await role('list'), 'sets').map(({ setId }) => setId)).toEqual([second['setId']]);
    expect(await verified(second, { level: 'V1' })).toMatchObject({ intact: true });
  });
}
