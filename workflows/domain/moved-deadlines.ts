/** Instants by name, as computed with one version of calendar and time-zone data; null: not to be told with it. */
export type Deadlines = { readonly [name: string]: number | null };

export interface MovedDeadline {
  readonly name: string;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** R-TIME-6: which deadlines a new version of the data moves. One that only one side knows did not move: it came or went. */
export function movedDeadlines(before: Deadlines, after: Deadlines): readonly MovedDeadline[] {
  return Object.keys(before)
    .filter((name) => Object.hasOwn(after, name))
    .map((name) => ({ name, fromMs: before[name] ?? null, toMs: after[name] ?? null }))
    .filter(({ fromMs, toMs }) => fromMs !== toMs);
}
