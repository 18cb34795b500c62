import { recordOfRow, skippedRow } from './host-row';
import { isJsonList, isJsonObject } from './json-shape';
import type { Json, JsonObject } from './json';
import { statusOfCode } from './step-status';
import type { StepStatus } from './step-status';
import type { Scope } from './value';

/**
 * What a run keeps of a rollout so that `steps.x.hosts` can be made of it: one character for each host, and where the rows of the
 * body's steps are. Whole records of hosts are only ever put together where the rows are (D5).
 */
export interface Roster {
  readonly set: string;
  /** Indices into the set by position; null: the whole set. */
  readonly targets: readonly number[] | null;
  readonly statuses: string;
  /** Paths of the body's steps, by id. */
  readonly steps: { readonly [id: string]: string };
  /** Why hosts failed, by position; of the first hundred. */
  readonly errors: { readonly [position: string]: Json };
}

/** Where the rows are that `steps.x.hosts` of an expression is made of. */
export interface RowsNeeded {
  readonly sets: readonly string[];
  readonly steps: readonly string[];
}

export interface LoadedRows {
  /** Names of a target set's hosts, in order. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Records of a step's hosts, by its path. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, JsonObject>>;
}

/** Step ids whose `hosts` an expression goes over. */
export function rostersIn(source: string): readonly string[] {
  return [...new Set([...source.matchAll(/\bsteps\.([A-Za-z]\w*)\.hosts\b/g)].map((match) => match[1] ?? ''))];
}

export function rowsNeeded(source: string, scope: Scope): RowsNeeded {
  const sets: string[] = [];
  const steps: string[] = [];
  for (const { path, roster } of readIn(source, scope)) {
    if (roster !== null) {
      sets.push(roster.set);
      steps.push(...bodyStepsIn(source, roster).map((id) => roster.steps[id] ?? id));
    } else if (path !== null) steps.push(path);
  }
  return { sets: [...new Set(sets)], steps: [...new Set(steps)] };
}

/** The scope with `steps.x.hosts` put in. A step that was not reached has none. */
export function withHosts(source: string, scope: Scope, loaded: LoadedRows): Scope {
  const known = isJsonObject(scope['steps']) ? scope['steps'] : {};
  const steps = readIn(source, scope).map(({ id, path, roster, record }) => {
    const own = path === null ? [] : [...(loaded.records.get(path) ?? [])];
    const hosts =
      roster === null ? own.map(([name, row]) => ({ ...row, name })) : hostsOfRollout(source, roster, loaded);
    return [id, { ...record, hosts }] as const;
  });
  return steps.length === 0 ? scope : { ...scope, steps: { ...known, ...Object.fromEntries(steps) } };
}

interface Read {
  readonly id: string;
  readonly record: JsonObject;
  readonly path: string | null;
  readonly roster: Roster | null;
}

function readIn(source: string, scope: Scope): readonly Read[] {
  const steps = isJsonObject(scope['steps']) ? scope['steps'] : {};
  return rostersIn(source).map((id) => {
    const record = isJsonObject(steps[id]) ? steps[id] : {};
    const { path } = record;
    return { id, record, path: typeof path === 'string' ? path : null, roster: rosterOf(record) };
  });
}

/** In the order of its targets. */
function hostsOfRollout(source: string, roster: Roster, { names, records }: LoadedRows): readonly JsonObject[] {
  const all = names.get(roster.set) ?? [];
  const ids = bodyStepsIn(source, roster);
  return roster.statuses.split('').map((code, position): JsonObject => {
    const name = all[roster.targets?.[position] ?? position] ?? '';
    const status = statusOf(code);
    const steps = ids.map((id) => {
      const row = records.get(roster.steps[id] ?? id)?.get(name);
      return [id, row ?? recordOfRow(skippedRow({ step: id, host: name }))] as const;
    });
    const error = roster.errors[position] ?? null;
    return { name, status, ok: status === 'succeeded', error, steps: Object.fromEntries(steps) };
  });
}

/** Which steps of the body are read of each host: rows are not loaded for nothing. */
function bodyStepsIn(source: string, { steps }: Roster): readonly string[] {
  const ids = Object.keys(steps);
  if (/\.steps\s*\[/.test(source)) return ids;
  return ids.filter((id) => new RegExp(`\\.steps\\.${id}\\b`).test(source));
}

/** Null: the record is not of a rollout; its own rows are its hosts. */
function rosterOf(record: JsonObject): Roster | null {
  const { roster } = record;
  if (!isJsonObject(roster)) return null;
  const { set, targets, statuses, steps, errors } = roster;
  if (typeof set !== 'string' || typeof statuses !== 'string') return null;
  const paths = isJsonObject(steps) ? steps : {};
  return {
    set,
    targets: isJsonList(targets) ? targets.map(Number) : null,
    statuses,
    steps: Object.fromEntries(
      Object.entries(paths).flatMap(([id, path]) => (typeof path === 'string' ? [[id, path] as const] : [])),
    ),
    errors: isJsonObject(errors) ? errors : {},
  };
}

function statusOf(code: string): StepStatus {
  for (const [known, status] of Object.entries(statusOfCode)) if (known === code) return status;
  return 'pending';
}
