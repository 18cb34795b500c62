import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { saveWhole } from '../../../client/cli/save-whole';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-save-'));
  file = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('saveWhole() writes all pieces, and says how far it has come', async () => {
  const told: number[] = [];

  const sizeBytes = await saveWhole(file, [Buffer.from('one '), Buffer.from('two')], (written) => told.push(written));

  expect([sizeBytes, told]).toEqual([7, [4, 7]]);
  expect(readFileSync(file, 'utf8')).toBe('one two');
});

test('saveWhole() leaves what was there, and nothing else, when a piece does not come', async () => {
  writeFileSync(file, 'before');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the line broke');
  }

  await expect(saveWhole(file, broken())).rejects.toThrow('the line broke');

  expect(readFileSync(file, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['file']);
});
