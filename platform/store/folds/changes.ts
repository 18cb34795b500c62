import type { Scope } from '../../../workflows/domain/authorization';
import { runOfChange } from '../../../workflows/domain/change-ids';
import { standingOf } from '../../../workflows/domain/change-standing';
import type { JournalPayloads } from '../../../workflows/domain/journal';
import type { ChangeRow } from '../change-row';
import type { ChangeEntry } from './change-entry';

/**
 * One change, as far as its journal tells.
 *
 * - F1 Entries may arrive in another order than they happened: of facts of one sort the newest by its own time counts, plans by their
 *   generation.
 */
export interface ChangeDocument {
  readonly opened: Dated<JournalPayloads['change.opened']> | null;
  readonly edited: Dated<JournalPayloads['change.edited']> | null;
  /** By the newest edit that says of what it is now. */
  readonly rescoped?: Dated<{ readonly scope: Scope }>;
  readonly assessed: Dated<JournalPayloads['change.assessed']> | null;
  readonly planned: Omit<Dated<JournalPayloads['change.planned']>, 'items' | 'units'> | null;
  readonly scheduled: Dated<JournalPayloads['change.scheduled']> | null;
  /** When it took its present place in time. */
  readonly claimedAt: number | null;
  readonly state: Dated<JournalPayloads['change.state']> | null;
  readonly conflicts: Dated<Omit<JournalPayloads['change.conflicts'], 'at'> & { readonly stage: string }> | null;
  /** When each was last raised. */
  readonly flags: { readonly [flag: string]: number };
  /** Of the first execution. */
  readonly startedAt: number | null;
  readonly review: Dated<JournalPayloads['change.review']> | null;
  readonly ended: Dated<JournalPayloads['change.ended']> | null;
}

type Dated<P> = P & { readonly at: number };

export const unheardOf: ChangeDocument = {
  opened: null,
  edited: null,
  assessed: null,
  planned: null,
  scheduled: null,
  claimedAt: null,
  state: null,
  conflicts: null,
  flags: {},
  startedAt: null,
  review: null,
  ended: null,
};

export function foldChange(before: ChangeDocument | null, entry: ChangeEntry): ChangeDocument {
  const change = before ?? unheardOf;
  const { at } = entry;
  switch (entry.kind) {
    case 'change.opened':
      return { ...change, opened: newer(change.opened, { ...entry.payload, at }) };
    case 'change.edited':
      return foldEdited(change, { ...entry.payload, at });
    case 'change.planned':
      return foldPlanned(change, { ...entry.payload, at });
    case 'change.assessed':
      return { ...change, assessed: newer(change.assessed, { ...entry.payload, at }) };
    case 'change.scheduled':
      return foldScheduled(change, { ...entry.payload, at });
    case 'change.state':
      return foldState(change, { ...entry.payload, at });
    case 'change.conflicts': {
      const { at: stage, ...found } = entry.payload;
      return { ...change, conflicts: newer(change.conflicts, { ...found, stage, at }) };
    }
    case 'change.flagged':
      return { ...change, flags: raised(change.flags, entry.payload.flag, at) };
    case 'change.review':
      return { ...change, review: newer(change.review, { ...entry.payload, at }) };
    case 'change.ended':
      return { ...change, ended: newer(change.ended, { ...entry.payload, at }) };
  }
}

function foldEdited(change: ChangeDocument, told: Dated<JournalPayloads['change.edited']>): ChangeDocument {
  const { scope, ...edited } = told;
  const known = { ...change, edited: newer(change.edited, edited) };
  return scope === undefined ? known : { ...known, rescoped: newer(change.rescoped ?? null, { scope, at: told.at }) };
}

function newer<T extends { readonly at: number }>(known: T | null, told: T): T {
  return known !== null && told.at < known.at ? known : told;
}

function foldPlanned(change: ChangeDocument, told: Dated<JournalPayloads['change.planned']>): ChangeDocument {
  // The items have a table of their own: there may be thousands. The units are for the review, which reads the journal.
  const { items: _items, units: _units, ...planned } = told;
  return isNewestPlan(change, told.generation) ? { ...change, planned } : change;
}

export function isNewestPlan({ planned }: ChangeDocument, generation: number): boolean {
  return planned === null || generation >= planned.generation;
}

/** What is only said again keeps its place; another time is a place behind those who were there before. */
function foldScheduled(change: ChangeDocument, told: Dated<JournalPayloads['change.scheduled']>): ChangeDocument {
  const known = change.scheduled;
  if (known !== null && told.at < known.at) return change;
  const isSame =
    known !== null &&
    known.startMs === told.startMs &&
    known.endMs === told.endMs &&
    known.preparationMs === told.preparationMs;
  return { ...change, scheduled: told, claimedAt: isSame ? (change.claimedAt ?? told.at) : told.at };
}

/** A change that went back to draft has given up its place. */
function foldState(known: ChangeDocument, told: Dated<JournalPayloads['change.state']>): ChangeDocument {
  const startedAt = told.to === 'implementing' ? Math.min(known.startedAt ?? told.at, told.at) : known.startedAt;
  const change = { ...known, startedAt };
  if (change.state !== null && told.at < change.state.at) return change;
  return { ...change, state: told, claimedAt: told.to === 'draft' ? null : change.claimedAt };
}

/** Null until `change.opened` has arrived. */
export function changeRow(id: string, change: ChangeDocument): ChangeRow | null {
  const { opened, edited, planned, assessed, scheduled, state, conflicts, review, ended } = change;
  if (opened === null) return null;
  const phase = phaseOf(change);
  const draft = edited?.draft ?? opened.draft;
  return {
    id,
    number: opened.number,
    title: textIn(draft, 'title') ?? opened.title,
    model: textIn(draft, 'model') ?? opened.model,
    assessed: assessed === null ? null : without(assessed, 'at'),
    phase,
    standing: standingOf(phase),
    claimedAt: change.claimedAt,
    reason: state?.reason ?? '',
    phaseAt: state?.at ?? opened.at,
    requester: opened.requester,
    draft,
    window: scheduled === null ? null : windowOf(scheduled),
    preparationMs: scheduled?.preparationMs ?? 0,
    assignees: scheduled?.assignees ?? [],
    plan: planned === null ? null : without(without(planned, 'at'), 'scope'),
    scope: scopeOfChange(change),
    hash: state?.hash ?? '',
    conflicts: conflicts === null ? null : checkOf(conflicts),
    difference: edited?.difference ?? [],
    flags: flagsOf(change.flags),
    startedAt: change.startedAt,
    runId: ended?.runId ?? (change.startedAt === null ? null : runOfChange(id)),
    review: review === null ? null : without(review, 'at'),
    outcome: ended?.outcome ?? null,
    createdAt: opened.at,
    endedAt: ended?.at ?? null,
    stateDigest: ended?.stateDigest ?? null,
  };
}

function raised(flags: ChangeDocument['flags'], flag: string, at: number): ChangeDocument['flags'] {
  return { ...flags, [flag]: Math.max(flags[flag] ?? at, at) };
}

/** The one flag that another one takes back: the second approval came after all (R-APPR-12). */
function flagsOf(flags: ChangeDocument['flags']): readonly string[] {
  const { regularised, ...others } = flags;
  const isBack = regularised !== undefined && regularised >= (others['unregularised'] ?? Infinity);
  return Object.keys(others)
    .filter((flag) => flag !== 'unregularised' || !isBack)
    .sort();
}

/** As it was planned, or written anew, last; before that as it was asked for. */
export function scopeOfChange({ planned, opened, rescoped }: ChangeDocument): Scope {
  if (rescoped !== undefined && rescoped.at >= (planned?.at ?? 0)) return rescoped.scope;
  return planned?.scope ?? opened?.scope ?? {};
}

export function phaseOf({ state }: ChangeDocument): string {
  return state?.to ?? 'draft';
}

function without<T extends object, K extends keyof T>(value: T, field: K): Omit<T, K> {
  const { [field]: _left, ...rest } = value;
  return rest;
}

function textIn(draft: unknown, field: string): string | null {
  const text: unknown = typeof draft === 'object' && draft !== null ? Reflect.get(draft, field) : undefined;
  return typeof text === 'string' ? text : null;
}

function windowOf({ startMs, endMs, cutoffMs }: JournalPayloads['change.scheduled']): ChangeRow['window'] {
  return { startMs, endMs, cutoffMs };
}

function checkOf({ stage, verdict, conflicts, at }: NonNullable<ChangeDocument['conflicts']>): ChangeRow['conflicts'] {
  return { at: stage, verdict, conflicts, checkedAt: at };
}
