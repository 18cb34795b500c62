import type { Json, JsonObject } from '../workflows/domain/json';
import { isList, isObject } from '../workflows/domain/json-values';
import { asJson, material } from './plan-hash';
import { planHosts } from './plan-view/hosts';
import type { PlanWithBlobs } from './plan-view/hosts';

const changesShown = 40;
const valueShown = 100;

/** What is materially different between two plans, one line each; empty where they have the same hash. */
export function diffPlans(before: PlanWithBlobs, after: PlanWithBlobs): readonly string[] {
  const changes = [...diffJson('', materialProgram(before), materialProgram(after)), ...diffHosts(before, after)];
  if (changes.length <= changesShown) return changes;
  return [...changes.slice(0, changesShown), `… and ${changes.length - changesShown} more differences`];
}

/** Target sets are named by number, and their digests say nothing: hosts are compared one by one instead. */
function materialProgram({ plan }: PlanWithBlobs): Json {
  return material(asJson(plan.program));
}

function diffHosts(before: PlanWithBlobs, after: PlanWithBlobs): readonly string[] {
  const old = hostsOf(before);
  const current = hostsOf(after);
  const removed = [...old.keys()].filter((name) => !current.has(name)).map((name) => `- host ${name}`);
  const added = [...current.keys()].filter((name) => !old.has(name)).map((name) => `+ host ${name}`);
  const changed = [...current].flatMap(([name, host]) => {
    const earlier = old.get(name);
    return earlier === undefined ? [] : diffJson(`host ${name}`, earlier, host);
  });
  const reordered =
    removed.length + added.length === 0 && [...old.keys()].join('\n') !== [...current.keys()].join('\n')
      ? ['~ the order of the hosts']
      : [];
  return [...removed, ...added, ...changed, ...reordered];
}

function hostsOf(bundle: PlanWithBlobs): ReadonlyMap<string, JsonObject> {
  const hosts = new Map<string, JsonObject>();
  for (const set of Object.keys(bundle.plan.targetSets))
    for (const host of planHosts(bundle, set)) hosts.set(host.name, { ...hosts.get(host.name), ...asJson(host) });
  return hosts;
}

export function diffJson(path: string, before: Json | undefined, after: Json | undefined): readonly string[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [`+ ${path}: ${shown(after ?? null)}`];
  if (after === undefined) return [`- ${path}: ${shown(before)}`];
  if (isList(before) && isList(after)) return diffLists(path, before, after);
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => diffJson(path === '' ? key : `${path}.${key}`, before[key], after[key]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [`~ ${path}: ${shown(before)} → ${shown(after)}`];
}

/** Steps are compared by their address, other lists by position. */
function diffLists(path: string, before: readonly Json[], after: readonly Json[]): readonly string[] {
  const [old, current] = [byAddress(before), byAddress(after)];
  if (old !== null && current !== null) {
    const keys = [...new Set([...old.keys(), ...current.keys()])];
    const changes = keys.flatMap((key) => diffJson(key, old.get(key), current.get(key)));
    const moved = changes.length === 0 && [...old.keys()].join('\n') !== [...current.keys()].join('\n');
    return moved ? [`~ ${path}: another order`] : changes;
  }
  if (before.length !== after.length && [...before, ...after].every((item) => typeof item !== 'object'))
    return [`~ ${path}: ${shown(before)} → ${shown(after)}`];
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => diffJson(`${path}[${index}]`, before[index], after[index])).flat();
}

function byAddress(list: readonly Json[]): ReadonlyMap<string, Json> | null {
  const named = new Map<string, Json>();
  for (const item of list) {
    const at = isObject(item) ? item['at'] : undefined;
    if (typeof at !== 'string') return null;
    named.set(`step ${at}`, item);
  }
  return named;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > valueShown ? `${text.slice(0, valueShown)}…` : text;
}
