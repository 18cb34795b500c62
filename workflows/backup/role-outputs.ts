import { isList, isObject } from '../domain/json-values';
import type { Json, JsonObject } from '../domain/json';
import type { ChildRun } from '../runbook/messages';
import { callRole } from './provider';
import type { RoleCall } from './provider';
import type { Here } from './here';

interface Shapes {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
  readonly list: readonly Json[];
  readonly object: JsonObject;
}

/** What the contract says that a role tells: its outputs by name. */
export type OutputShape = { readonly [output: string]: keyof Shapes };

type Told<S extends OutputShape> = { readonly [O in keyof S]: Shapes[S[O]] };

export type RoleReply<S extends OutputShape> =
  | { readonly ok: true; readonly told: Told<S>; readonly run: ChildRun }
  | { readonly ok: false; readonly reason: string; readonly run: ChildRun | null };

/** A role that does not tell what it has to is as good as one that failed: nothing is concluded from it. */
export async function askRole<S extends OutputShape>(call: RoleCall, shape: S, here: Here): Promise<RoleReply<S>> {
  const answer = await callRole(call, here);
  if (!answer.ok) return answer;
  const { outputs, run } = answer;
  if (isTold(outputs, shape)) return { ok: true, told: outputs, run };
  const missing = Object.keys(shape).filter((name) => !isOf(outputs[name], shape[name]));
  return { ok: false, run, reason: `${call.runbook} did not tell ${missing.join(', ')}` };
}

/** Of members of lists, which no contract can describe. */
export function isTold<S extends OutputShape>(value: Json | undefined, shape: S): value is JsonObject & Told<S> {
  return isObject(value) && Object.keys(shape).every((name) => isOf(value[name], shape[name]));
}

function isOf(value: Json | undefined, shape: keyof Shapes | undefined): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'list':
      return isList(value);
    case 'object':
      return isObject(value);
    case undefined:
      return false;
  }
}

/** What providers tell as `problems`. */
export function problemsText(problems: readonly Json[]): string {
  return problems.map((problem) => (typeof problem === 'string' ? problem : JSON.stringify(problem))).join('; ');
}
