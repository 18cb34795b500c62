import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { root } from './source';

const Scripts = z.object({ scripts: z.record(z.string(), z.string()) });

describe('the three lanes of proof (D18)', () => {
  const { scripts } = Scripts.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const ci = readFileSync(join(root, '.ci/run'), 'utf8');

  test('npm test kills nothing', () => {
    expect(scripts['test']).not.toMatch(/chaos/);
  });

  test('CI checks, tests, and kills twenty times under runs and ten times under changes and under backups', () => {
    const commands = ci.split('\n').filter((line) => line.startsWith('npm '));

    expect(commands.map((line) => line.replace(/ (--outputFile|>).*/, ''))).toEqual([
      'npm ci --no-progress',
      'npm run check',
      'npm test --',
      'npm run chaos -- --kills 20',
      'npm run chaos -- --of changes --kills 10',
      'npm run chaos -- --of backups --kills 10',
    ]);
  });

  test('npm run soak kills two hundred times under runs and a hundred times under changes and under backups', () => {
    expect(scripts['soak']).toMatch(/--kills 200\b.*--of changes --kills 100\b.*--of backups --kills 100\b/);
  });
});
