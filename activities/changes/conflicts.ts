import type { Store } from '../../platform/store/store';
import type { MeetingChange } from '../../platform/store/change-row';
import { scheduledBefore } from '../../workflows/domain/change-standing';
import type { TimeClaim } from '../../workflows/domain/change-standing';
import { conflictReport, conflictVerdict } from '../../workflows/domain/conflict';
import type { ConflictReport, ConflictVerdict } from '../../workflows/domain/conflict';
import type { Conflict, ConflictSeverity } from '../../workflows/domain/conflict-kind';
import { hourMs } from '../../workflows/domain/duration';
import { conflictInterval } from '../../workflows/domain/planned-change';
import type { ConflictWorld, PlannedChange } from '../../workflows/domain/planned-change';
import { relativesOf } from '../../workflows/domain/dependency-graph';
import { withoutClosures } from '../../workflows/domain/calendar';
import type { ResolvedCalendar } from '../../workflows/domain/calendar';
import type { Lookups } from '../../workflows/effects';
import type { ItemSurroundings } from '../plans/item-surroundings';
import { conflictLines } from './conflict-lines';

type Question = Lookups['changeConflicts']['asked'];
type Answer = Lookups['changeConflicts']['answer'];

export interface ConflictSources {
  readonly store: Pick<Store, 'changes' | 'locks'>;
  readonly surroundings: () => Promise<ItemSurroundings>;
  readonly calendars: (asked: Lookups['calendars']['asked']) => Promise<Lookups['calendars']['answer']>;
}

/**
 * What a change meets (R-CONF-1 … R-CONF-4).
 *
 * - L1 At the start its items are locked first and looked at afterwards: of two that start at once at least one sees the other.
 * - L2 Whoever may not start holds nothing.
 */
export async function changeConflicts(sources: ConflictSources, question: Question): Promise<Answer> {
  return conflictsOf(sources, question, await sources.store.changes.items(question.changeId));
}

/** The same for items that are not planned yet. */
export async function conflictsOf(
  sources: ConflictSources,
  question: Question,
  items: readonly string[],
): Promise<Answer> {
  const heldBy = question.take ? await takeItems(sources, question, items) : [];
  const found = await lookAround(sources, question, items);
  const verdict = heldBy.length > 0 ? 'blocked' : found.verdict;
  if (question.take && verdict !== 'clear' && verdict !== 'warned')
    await releaseItems(sources.store, { changeId: question.changeId, at: question.at });
  const conflicts = found.report.conflicts.toSorted((left, right) => rank(left) - rank(right));
  const lines = [
    ...conflictLines(conflicts.slice(0, mostListed), { others: found.others, nextFree: found.report.nextFree }),
    ...found.unclear,
    ...(await holderLines(sources, { heldBy, conflicts })),
  ];
  return { verdict, conflicts: conflicts.slice(0, mostListed), total: conflicts.length, lines, heldBy };
}

const mostListed = 50;
const ranks: { readonly [S in ConflictSeverity]: number } = { blocks: 0, holds: 1, warns: 2 };

function rank({ severity }: Conflict): number {
  return ranks[severity];
}

export async function freeItems(
  store: Pick<Store, 'changes' | 'locks'>,
  asked: Lookups['freeItems']['asked'],
): Promise<Lookups['freeItems']['answer']> {
  const released = await releaseItems(store, asked);
  return { released, due: released === 0 ? [] : await heldFor(store, asked.changeId) };
}

/** More than these look again by themselves, a moment later. */
const mostTold = 100;

/** Who was told at the start that somebody has its items, and waits. */
async function heldFor({ changes }: Pick<Store, 'changes'>, changeId: string): Promise<readonly string[]> {
  const freed = new Set(await changes.items(changeId));
  const held = await changes.list({ phase: 'held', limit: mostTold });
  const wanted = await Promise.all(held.map(async ({ id }) => ({ id, items: await changes.items(id) })));
  return wanted.flatMap(({ id, items }) => (items.some((item) => freed.has(item)) ? [id] : []));
}

const lockPath = 'change';

function lockOf(item: string): string {
  return `item/${item}`;
}

/** R-CONF-3: under a lock for each item. Answers who holds one of them. */
async function takeItems(
  { store }: ConflictSources,
  { changeId, at }: Question,
  items: readonly string[],
): Promise<readonly string[]> {
  const names = items.map(lockOf);
  const { token, heldBy } = await store.locks.acquire({ runId: changeId, path: lockPath, names, wait: false, at });
  return token === null ? heldBy : [];
}

async function releaseItems(
  { locks }: Pick<Store, 'locks'>,
  { changeId, at }: { readonly changeId: string; readonly at: number },
): Promise<number> {
  const held = (await locks.list()).filter(({ runId, path }) => runId === changeId && path === lockPath);
  if (held.length === 0) return 0;
  return locks.release({ runId: changeId, path: lockPath, names: held.map(({ name }) => name), at, by: 'engine' });
}

interface Found {
  readonly report: ConflictReport;
  readonly verdict: ConflictVerdict;
  readonly others: readonly MeetingChange[];
  /** What could not be looked at: no conflict, and no clearance either. */
  readonly unclear: readonly string[];
}

async function lookAround(sources: ConflictSources, question: Question, items: readonly string[]): Promise<Found> {
  const { changeId: id, type, owner, assignees, startMs, windowEndMs, preparationMs, depth } = question;
  const change: PlannedChange = { id, type, owner, assignees, items, startMs, windowEndMs, preparationMs };
  const searchUntilMs = windowEndMs + searchedMs;
  const surroundings = await sources.surroundings();
  const through = [...new Set(items.flatMap((item) => [item, ...relativesOf(surroundings.graph, item, depth).keys()]))];
  const others = await othersInTheWay(sources.store, question, { change, through, searchUntilMs });
  const { calendars, missing } = await calendarsOf(sources, { question, items, through, surroundings, searchUntilMs });
  const world: ConflictWorld = { others: others.all, graph: surroundings.graph, depth, calendars, searchUntilMs };
  const report = without(conflictReport(change, world), others.behind);
  const unclear = [
    ...surroundings.unreadable.map(
      (name) => `Cannot tell what depends on what: the inventory "${name}" cannot be read`,
    ),
    ...missing.map(
      (name) => `Cannot tell whether the calendar "${name}" is open: it is not published, or cannot be read`,
    ),
    ...[...new Set(report.unresolved.map(({ part }) => part.calendar))].map(
      (name) => `Cannot tell whether the calendar "${name}" is open: it does not reach as far as the change`,
    ),
  ];
  const verdict = conflictVerdict(report);
  const isUnclear = unclear.length > 0 && (verdict === 'clear' || verdict === 'warned');
  return { report, verdict: isUnclear ? 'unresolved' : verdict, others: others.all, unclear };
}

/** What is offered as free is free of them all; told is only who was there before. */
function without(report: ConflictReport, behind: ReadonlySet<string>): ConflictReport {
  const conflicts = report.conflicts.filter((conflict) => !('change' in conflict) || !behind.has(conflict.change));
  return { ...report, conflicts };
}

/** How far after the window a free slot is looked for. */
const searchedMs = 30 * 24 * hourMs;

interface Searched {
  readonly change: PlannedChange;
  readonly through: readonly string[];
  readonly searchUntilMs: number;
}

interface Others {
  readonly all: readonly MeetingChange[];
  /** Those who have to give way themselves. */
  readonly behind: ReadonlySet<string>;
}

async function othersInTheWay(
  store: ConflictSources['store'],
  question: Question,
  { change, through, searchUntilMs }: Searched,
): Promise<Others> {
  const met = await store.changes.meeting({
    items: through,
    assignees: change.assignees,
    startMs: conflictInterval(change).startMs,
    endMs: searchUntilMs,
    except: change.id,
  });
  const holders = question.take ? await itemHolders(store) : new Set<string>();
  const all = met.map((other) => asItIs(other, { isHolder: holders.has(other.id), at: question.at }));
  const before = new Set(scheduledBefore(all, await claimOf(store, question), question.take));
  return { all, behind: new Set(all.filter((other) => !before.has(other)).map(({ id }) => id)) };
}

async function itemHolders({ locks }: ConflictSources['store']): Promise<ReadonlySet<string>> {
  const held = (await locks.list()).filter(({ name, path }) => path === lockPath && name.startsWith(lockOf('')));
  return new Set(held.map(({ runId }) => runId));
}

/** Whoever holds a lock has started, whatever its journal says yet; whoever is under way works until it says otherwise. */
function asItIs(other: MeetingChange, now: { readonly isHolder: boolean; readonly at: number }): MeetingChange {
  const standing = now.isHolder ? 'under-way' : other.standing;
  return standing === 'under-way'
    ? { ...other, standing, windowEndMs: Math.max(other.windowEndMs, now.at + 1) }
    : { ...other, standing };
}

/** Another time than the one it has a place for, and an added stretch, are asked for now: everybody else was there before. */
async function claimOf(store: ConflictSources['store'], question: Question): Promise<TimeClaim> {
  const { changeId: id, startMs, windowEndMs, preparationMs, part } = question;
  const row = await store.changes.get(id);
  const isItsOwn =
    part === 'whole' &&
    row?.window?.startMs === startMs &&
    row.window.endMs === windowEndMs &&
    row.preparationMs === preparationMs;
  return { id, standing: row?.standing ?? 'idle', claimedAt: isItsOwn ? row.claimedAt : null };
}

interface CalendarQuestion {
  readonly question: Question;
  readonly items: readonly string[];
  readonly through: readonly string[];
  readonly surroundings: ItemSurroundings;
  readonly searchUntilMs: number;
}

interface CalendarsByItem {
  readonly calendars: ReadonlyMap<string, readonly ResolvedCalendar[]>;
  readonly missing: readonly string[];
}

/** Those of the question apply to everything that the change works on, those of the inventory to their own items. */
async function calendarsOf(
  sources: ConflictSources,
  { question, items, through, surroundings, searchUntilMs }: CalendarQuestion,
): Promise<CalendarsByItem> {
  // R-FREEZE-3: an emergency is not asked.
  if (question.type === 'emergency') return { calendars: new Map(), missing: [] };
  const own = new Set(items);
  const namesOf = (item: string): readonly string[] => [
    ...new Set([...(own.has(item) ? question.calendars : []), ...(surroundings.calendars.get(item) ?? [])]),
  ];
  const resolved = new Map<string, readonly ResolvedCalendar[]>();
  const missing: string[] = [];
  for (const name of new Set([...question.calendars, ...through.flatMap(namesOf)])) {
    const asked = { names: [name], fromMs: question.startMs, untilMs: searchUntilMs };
    const answer = await sources.calendars(asked);
    resolved.set(name, withoutClosures(answer.calendars, question.passed ?? []));
    missing.push(...answer.missing);
  }
  const calendars = new Map(through.map((item) => [item, namesOf(item).flatMap((name) => resolved.get(name) ?? [])]));
  return { calendars, missing };
}

/** Who holds an item without being met in time: its window is elsewhere, or it is no change at all. */
async function holderLines(
  { store }: ConflictSources,
  { heldBy, conflicts }: { readonly heldBy: readonly string[]; readonly conflicts: readonly Conflict[] },
): Promise<readonly string[]> {
  const told = new Set(conflicts.flatMap((conflict) => ('change' in conflict ? [conflict.change] : [])));
  const untold = heldBy.filter((id) => !told.has(id));
  const rows = await Promise.all(untold.map(async (id) => ({ id, row: await store.changes.get(id) })));
  return rows.map(({ id, row }) =>
    row === null
      ? `Its items are locked by "${id}"`
      : `Its items are locked by CHG-${row.number} "${row.title}" of ${row.requester}, which is ${row.phase}`,
  );
}
