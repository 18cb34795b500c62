import { readFile, writeFile } from 'node:fs/promises';

import { RequestError } from '../api/errors';
import type { PlanBundle } from '../../activities/plans/plan-bundle';
import { decodeBundle, encodeBundle, PlanFile } from '../../activities/plans/plan-bundle';

/** What `plan -o` writes: the plan with everything that it names, so that `run p.json` needs nothing else. */
export async function writePlanFile(path: string, bundle: PlanBundle): Promise<void> {
  await writeFile(path, `${JSON.stringify({ format: 'mainstay/plan-file/1', ...encodeBundle(bundle) }, null, 1)}\n`);
}

export async function readPlanFile(path: string): Promise<PlanBundle> {
  const parsed = PlanFile.safeParse(parseJson(await readFile(path, 'utf8')));
  if (!parsed.success)
    throw new RequestError('PLAN_INVALID', `Cannot read plan "${path}": not a file that "mainstay plan -o" wrote`);
  return decodeBundle(parsed.data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
