import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { root } from './source';

const Package = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const Lock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), resolved: z.string().optional() })),
});

const manifest = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const lock = Lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));

describe('dependencies (D17)', () => {
  test('every version is pinned', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );

    expect(loose).toEqual([]);
  });

  test('all of @temporalio is one version', () => {
    const versions = Object.entries(lock.packages)
      .filter(([path]) => path.includes('node_modules/@temporalio/'))
      .map(([, entry]) => entry.version);

    expect(new Set(versions).size).toBe(1);
  });

  test('protobufjs is hoisted at version 8, else JSON histories cannot be replayed', () => {
    expect(lock.packages['node_modules/protobufjs']?.version).toMatch(/^8\./);
  });

  test('the lock file names no registry', () => {
    const named = Object.entries(lock.packages).filter(([, entry]) => entry.resolved?.startsWith('http'));

    expect(named).toEqual([]);
  });
});
