import { createHash } from 'node:crypto';

import { materialHashOf } from '../../../definitions/plan-hash';
import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { Json } from '../../../workflows/domain/json';
import type { PlanPart } from '../format';
import { isObject } from '../payload';
import { summaryOf } from '../summary';
import type { EvidenceSummary } from '../summary';
import type { EvidenceProblem } from './problem';
import type { Parts } from './sort-parts';

/** Plans against their hashes and the entries that name them; the summary against the entries; redactions against who made them. */
export function* contentProblems(parts: Parts): Generator<EvidenceProblem> {
  const made = summaryOf(parts.entries);
  for (const plan of parts.plans) yield* planProblems(plan, made);
  const [summary] = parts.summaries;
  if (summary !== undefined && canonicalJson(plain(summary)) !== canonicalJson(plain({ part: 'summary', ...made })))
    yield contradiction('Cannot verify the summary: the journal says something else');
  for (const { seq, saidBy } of made.redactions) {
    if (saidBy === null) {
      const message = `Cannot read entry ${seq}: its payload was taken out, and nothing in the journal says by whom`;
      yield { line: null, seq, kind: 'unexplained', message };
    }
  }
}

function* planProblems({ digest, planHash, plan }: PlanPart, { plans }: EvidenceSummary): Generator<EvidenceProblem> {
  const named = plans.find(({ planDigest }) => planDigest === digest);
  if (named === undefined) yield contradiction(`Cannot place plan ${digest}: no entry names it`);
  else if (bare(named.planHash) !== bare(planHash))
    yield contradiction(`Cannot verify plan ${digest}: entry ${named.seq} says that its hash is ${named.planHash}`);
  if (createHash('sha256').update(canonicalJson(plan), 'utf8').digest('hex') !== digest)
    yield contradiction(`Cannot verify plan ${digest}: its content has another digest`);
  if (!isObject(plan) || bare(materialHashOf(plan)) !== bare(planHash))
    yield contradiction(`Cannot verify plan ${digest}: its content does not have the hash ${planHash}`);
}

/** Hashes are written with and without `sha256:` in front. */
export function bare(hash: string): string {
  return hash.replace(/^sha256:/, '');
}

/** Interfaces are no `Json` to the compiler; what was read from JSON is. */
function plain(value: object): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

function contradiction(message: string): EvidenceProblem {
  return { line: null, seq: null, kind: 'contradiction', message };
}
