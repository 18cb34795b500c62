import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { JsonObject } from '../../../workflows/domain/json';
import type { LibraryStage } from './library-stage';

const execute = promisify(execFile);

/** A place as `backup/place/open` leaves it; without a network of its own. */
export interface Place extends JsonObject {
  readonly directory: string;
  readonly network: string;
  readonly label: string;
}

export async function openFolder(parent: string, label: string): Promise<Place> {
  const directory = await mkdtemp(join(parent, 'place-'));
  await writeFile(join(directory, '.mainstay-place'), `${label}\n`);
  return { directory, network: '', label };
}

/** Runs a role of a provider to its end; a run that does not succeed is an error that names its failures. */
export async function runRole(library: LibraryStage, runbook: string, inputs: JsonObject): Promise<JsonObject> {
  const run = await library.run(runbook, inputs);
  if (run.outcome === 'succeeded') return run.outputs;
  const failures = run.steps.flatMap(({ path, hosts }) => hosts.map(({ error }) => `${path}: ${error?.message ?? ''}`));
  throw new Error(`Cannot run ${runbook}: it ended ${run.outcome ?? ''}; ${failures.join('; ')}`);
}

/** Names of assertions that did not hold. */
export function failedAssertions({ results }: JsonObject): readonly unknown[] {
  if (!Array.isArray(results)) throw new Error('Cannot read the results: they are no list');
  return results.flatMap((result: JsonObject) => (result['ok'] === true ? [] : [result['name']]));
}

/** Process ids of what works below a directory. */
export async function processesIn(directory: string): Promise<readonly string[]> {
  const { stdout } = await execute('sh', [
    '-c',
    'find /proc/[0-9]*/cwd -maxdepth 0 -lname "$1/*" 2>/dev/null || true',
    'sh',
    directory,
  ]);
  return stdout.split('\n').filter((line) => line !== '');
}
