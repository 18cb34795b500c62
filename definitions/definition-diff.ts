import { parse } from 'yaml';

import type { Json } from '../workflows/domain/json';
import { asJson } from './plan-hash';
import { diffJson } from './plan-diff';

const changesShown = 200;

/** What differs in meaning between two texts of one definition, one line each; comments and the order of keys do not. */
export function diffDefinitions(before: string, after: string): readonly string[] {
  const changes = diffJson('', jsonOf(before), jsonOf(after));
  if (changes.length <= changesShown) return changes;
  return [...changes.slice(0, changesShown), `… and ${changes.length - changesShown} more differences`];
}

/** Both were checked when they were published. */
function jsonOf(text: string): Json {
  return asJson(parse(text));
}
