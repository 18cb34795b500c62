import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { z } from 'zod';

const PackageFile = z.object({ name: z.string(), version: z.string() });

/** The folder of our package.json: this file runs from `platform/` in tests and from `dist/platform/` when built. */
export function packageRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && readPackage(file).name === 'mainstay') return folder;
    if (folder === dirname(folder))
      throw new Error(`Cannot find the package of "${__dirname}": no package.json above it`);
  }
}

export function packageVersion(): string {
  return readPackage(join(packageRoot(), 'package.json')).version;
}

/** A program that the build made, by its path below `dist/`. */
export function builtProgram(path: string): string {
  return join(packageRoot(), 'dist', path);
}

function readPackage(file: string): z.infer<typeof PackageFile> {
  return PackageFile.parse(JSON.parse(readFileSync(file, 'utf8')));
}
