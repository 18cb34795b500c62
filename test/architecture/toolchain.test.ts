import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { root } from './source';

const Options = z.looseObject({ compilerOptions: z.looseObject({}) });
const Manifest = z.object({
  scripts: z.record(z.string(), z.string()),
  bin: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const Installed = z.looseObject({ type: z.string().optional(), exports: z.unknown().optional() });

function optionsOf(file: string): Readonly<Record<string, unknown>> {
  return Options.parse(JSON.parse(readFileSync(join(root, file), 'utf8'))).compilerOptions;
}

const manifest = Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

describe('the toolchain (D17)', () => {
  // D17: `verbatimModuleSyntax` refuses to write CommonJS; TypeScript 7 has no older way to resolve modules than node20.
  test('the compiler writes CommonJS for Node 20, one file at a time', () => {
    const options = optionsOf('tsconfig.json');

    expect(options).toMatchObject({ module: 'node20', isolatedModules: true });
    expect(Object.keys(options)).not.toContain('verbatimModuleSyntax');
    expect(Object.keys(options)).not.toContain('moduleResolution');
  });

  test('what is built knows the types of Node and of no test framework', () => {
    expect(optionsOf('tsconfig.build.json')).toMatchObject({ types: ['node'] });
  });

  // D17: the package `temporalio` on the registry is a stale one of others; commander 15 wants Node 22.
  test('nothing is depended on that only looks right', () => {
    const { commander, ...others } = { ...manifest.dependencies, ...manifest.devDependencies };

    expect(Object.keys(others)).not.toContain('temporalio');
    expect(commander).toMatch(/^14\./);
  });

  // D17: node cannot require them under jest's own module system; one list says which are compiled.
  test('every package that is only a module of ECMAScript stands in the one list of jest', () => {
    const list = /const esmOnly = \[([^\]]*)\]/.exec(readFileSync(join(root, 'jest.config.js'), 'utf8'))?.[1] ?? '';

    const missing = Object.keys(manifest.dependencies).filter(
      (name) => isModuleOnly(name) && !list.includes(`'${name}'`),
    );

    expect(list).toContain('@marcbachmann/cel-js');
    expect(missing).toEqual([]);
  });
});

// A build replaces the file, and npx links it only once: after the next build it would be refused.
test('the command line can be executed after every build', () => {
  expect(manifest.scripts['build']).toContain(`chmod +x ${manifest.bin['mainstay']}`);
});

/** It says so itself, and offers nothing to `require`. */
function isModuleOnly(name: string): boolean {
  const file = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(file)) return false;
  const installed = Installed.parse(JSON.parse(readFileSync(file, 'utf8')));
  return installed.type === 'module' && !/"(require|node)"/.test(JSON.stringify(installed.exports ?? {}));
}
