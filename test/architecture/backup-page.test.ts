import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadText } from '../../definitions/load';
import { verificationLevels } from '../../workflows/domain/backup-levels';
import { BackupPlan } from '../../workflows/backup/schema';
import { root } from './source';

const page = readFileSync(join(root, 'docs/backup.md'), 'utf8');

/** Of the table below a heading, what stands in the first column. */
function firstColumnBelow(heading: string): readonly string[] {
  const section = page.slice(page.indexOf(heading)).split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => (line.split('|')[1] ?? '').trim().replaceAll('`', ''));
}

test('docs/backup.md lists every field of a backup plan, and no other', () => {
  expect(firstColumnBelow('## The plan').toSorted()).toEqual(Object.keys(BackupPlan.shape).toSorted());
});

test('docs/backup.md lists every level', () => {
  expect(firstColumnBelow('## When a backup has succeeded')).toEqual([...verificationLevels]);
});

test('docs/backup.md lists every provider that comes with it', () => {
  const folders = readdirSync(join(root, 'definitions/library/backup'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const providers = folders.filter((name) =>
    readdirSync(join(root, 'definitions/library/backup', name)).includes('preflight.yaml'),
  );

  expect(firstColumnBelow('## Providers').toSorted()).toEqual(providers.toSorted());
});

test('the plan of docs/backup.md is one', () => {
  const [, text = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];

  expect(loadText('plan.yaml', text)).toMatchObject({ problems: [], documents: [{ kind: 'BackupPlan' }] });
});
