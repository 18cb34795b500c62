import { isAtLeast } from './backup-levels';

import type { LevelDates } from './backup-levels';

export type BackupKind = 'full' | 'differential' | 'incremental';

/** A legal hold and a permanent mark beat every rule and end only when people lift them; a plain hold may end by itself. */
export type HoldKind = 'legal' | 'permanent' | 'plain';

export interface Hold {
  readonly name: string;
  readonly kind: HoldKind;
  /** Of a plain hold: its end. Null: until it is released. */
  readonly untilMs: number | null;
  readonly by: string;
  readonly reason: string;
}

export interface BackupSet {
  readonly id: string;
  /** What the tool calls it. */
  readonly setId: string;
  /** The instant whose state it holds: of a dump its start, of a copy that needs the log up to its end, that end. */
  readonly atMs: number;
  readonly kind: BackupKind;
  /** The id of the set that it needs; empty: it stands alone. */
  readonly parent: string;
  readonly sizeBytes: number;
  /** Made by the engine; a foreign one was only found in the repository. */
  readonly owned: boolean;
  readonly levels: LevelDates;
  /** Why it cannot be used; empty: nothing speaks against it. */
  readonly broken: string;
  readonly holds: readonly Hold[];
  /** The operations that work with it now, such as a restore. */
  readonly pins: readonly string[];
  /** There is a checked copy in the other repository. */
  readonly offsite: boolean;
  /** On a prune plan. */
  readonly expiring: boolean;
}

/** What of a set says whether it can be counted on. */
export type SetStanding = Pick<BackupSet, 'id' | 'owned' | 'levels' | 'broken' | 'parent'>;

/**
 * R-BKP-7: failed and unverified sets count for nothing. A set is as good as what it needs: one broken ancestor, or one that nobody
 * knows, and it cannot be restored.
 */
export function isGood(set: SetStanding, byId: ReadonlyMap<string, SetStanding>): boolean {
  const chain = ancestry(set, byId);
  return chain.whole && set.owned && isAtLeast(set.levels, 'V1') && chain.members.every(({ broken }) => broken === '');
}

/** A set and all that it needs, itself first. Not whole: what it needs is not there, or needs it in turn. */
export function ancestry<S extends Pick<BackupSet, 'id' | 'parent'>>(
  set: S,
  byId: ReadonlyMap<string, S>,
): { readonly members: readonly S[]; readonly whole: boolean } {
  const members = [set];
  for (let parent = set.parent; parent !== '';) {
    const next = byId.get(parent);
    if (next === undefined || members.some(({ id }) => id === next.id)) return { members, whole: false };
    members.push(next);
    parent = next.parent;
  }
  return { members, whole: true };
}

/** The set with which the chain begins: as far back as it is known. */
export function rootOf<S extends Pick<BackupSet, 'id' | 'parent'>>(set: S, byId: ReadonlyMap<string, S>): S {
  return ancestry(set, byId).members.at(-1) ?? set;
}

export function setsById<S extends { readonly id: string }>(sets: readonly S[]): ReadonlyMap<string, S> {
  return new Map(sets.map((set) => [set.id, set]));
}

/** R-BKP-9: only a plain hold ends at its time. */
export function isHolding(hold: Hold, nowMs: number): boolean {
  return hold.kind !== 'plain' || hold.untilMs === null || nowMs < hold.untilMs;
}

/** R-BKP-9: how many people it takes to remove it. */
export function peopleToRelease(hold: Pick<Hold, 'kind'>): number {
  switch (hold.kind) {
    case 'legal':
    case 'permanent':
      return 2;
    case 'plain':
      return 1;
  }
}

/** Newest first; of two of the same instant always the same one. */
export function newestFirst<S extends Pick<BackupSet, 'id' | 'atMs'>>(sets: readonly S[]): readonly S[] {
  return sets.toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1));
}

/** R-BKP-5: what one policy is about. Nothing that is kept or pruned in one group bears on another. */
export function groupOf({ service, source }: { readonly service: string; readonly source: readonly string[] }): string {
  return JSON.stringify([service, ...source.toSorted()]);
}
