import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { backupRefusals } from '../../client/backup-refusals';

const folder = join(__dirname, '..', '..', 'workflows', 'backup');

test('every code that a keeper refuses an act with has a hint', () => {
  const files = readdirSync(folder).filter((name) => name.startsWith('keeper'));
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const codes = new Set([...text.matchAll(/(?:refuse\(\s*|code: )'([A-Z_]+)'/g)].map(([, code = '']) => code));

  expect(codes.size).toBeGreaterThan(8);
  expect([...codes].filter((code) => !Object.hasOwn(backupRefusals, code))).toEqual([]);
});
