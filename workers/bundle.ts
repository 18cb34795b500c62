import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from '@temporalio/worker';

import { failureConverterPath } from '../platform/data-converter';

/** Loaded once for all runs of a worker. Expressions are pure, and CEL was a large part of the start of a run that loaded its own. */
const sharedModules = ['stack-traces', join('domain', 'expression')].map((module) =>
  join(__dirname, '..', 'workflows', module),
);

/** Bundles the workflow code once, at build time: workers start without webpack. */
export async function bundleWorkflows(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath,
    logger: onlyProblems,
    preloadModules: [...sharedModules],
    // Stack traces need positions and names; the text of the sources would be most of the bundle.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
  });
  return code;
}

const onlyProblems: Logger = {
  log: (level, message) => (level === 'ERROR' || level === 'WARN' ? tell(message) : undefined),
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: tell,
  error: tell,
};

function tell(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Beside the compiled workers: `dist/workflow-bundle.js`. */
export const bundleFile = join(__dirname, '..', 'workflow-bundle.js');

async function main(): Promise<void> {
  const code = await bundleWorkflows(join(__dirname, '..', 'workflows', 'index.js'));
  await writeFile(bundleFile, code);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`Cannot bundle the workflows: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
