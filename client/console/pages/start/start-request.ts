import type { JsonObject } from '../../../../workflows/domain/json';
import type { Texts } from '../../form/form-model';
import type { SentOf } from '../../request';

/** What somebody has chosen so far. */
export interface Choice {
  readonly texts: Texts;
  /** Empty: the one that the runbook names. */
  readonly inventory: string;
  /** Names of hosts, apart by commas or spaces; empty: all. */
  readonly limit: string;
  /** Only looks what would change. */
  readonly isCheck: boolean;
}

export type StartBody = Extract<SentOf<'POST /runs'>, { readonly definition: string }>;

export interface StartRequest {
  readonly body: StartBody;
  /** Two requests with the same key ask for the same plan. */
  readonly key: string;
}

export function startRequest(
  { name, version }: { readonly name: string; readonly version: string },
  { inventory, limit, isCheck }: Choice,
  inputs: JsonObject,
): StartRequest {
  const hosts = hostNames(limit);
  const asked = {
    definition: `${name}@${version}`,
    inputs,
    ...(inventory === '' ? {} : { inventory }),
    ...(hosts.length === 0 ? {} : { limit: hosts }),
  };
  return { body: { ...asked, ...(isCheck ? { check: true as const } : {}) }, key: JSON.stringify(asked) };
}

/** Names as people type them, apart by commas or spaces. */
export function hostNames(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((host) => host !== '');
}
