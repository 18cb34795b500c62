import { chmod, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { format } from 'prettier';
import { build } from 'vite';

import { builtProgram, packageRoot } from '../../platform/package-root';

/** `dist/mainstay-verify.js`. */
const verifierFile = builtProgram('mainstay-verify.js');

const banner = `#!/usr/bin/env node
// How to read this: what is looked at stands in one table, "checks", each of its lines a function of the same name. Below them is how
// a file is read, how hashes, chains, trees and signatures are made; the program itself, main(), is at the end.`;

/**
 * Makes the offline verifier one file that needs Node.js alone: whoever audits copies it, reads it and runs it. It is bundled from
 * the code that the engine itself goes by, so there is one set of rules. Not minified, with the comments on what is hashed and how.
 */
async function bundleVerifier(entry: string, file: string): Promise<void> {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      ssr: entry,
      outDir: dirname(file),
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        // Modules of ours do nothing when they are loaded: what is not called is left out.
        treeshake: { moduleSideEffects: (id) => id === entry },
        output: { format: 'cjs', entryFileNames: basename(file), banner },
      },
    },
  });
  const style = { parser: 'babel', printWidth: 120, singleQuote: true, objectWrap: 'collapse' } as const;
  await writeFile(file, await format(await readFile(file, 'utf8'), style));
  await chmod(file, 0o755);
}

/** From the source: what the compiler has made of it would bring the modules' wrappers along. In tests another file is named. */
const entry = join(packageRoot(), 'client', 'evidence', 'verifier', 'main.ts');
bundleVerifier(entry, process.argv[2] ?? verifierFile).catch((error: unknown) => {
  process.stderr.write(`Cannot bundle the verifier: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
