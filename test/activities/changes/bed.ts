import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ConflictSources } from '../../../activities/changes/conflicts';
import type { ItemSurroundings } from '../../../activities/plans/item-surroundings';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import type { ResolvedCalendar } from '../../../workflows/domain/calendar';
import { dependencyGraph } from '../../../workflows/domain/dependency-graph';
import type { Dependency } from '../../../workflows/domain/dependency-graph';
import type { ConflictQuestion } from '../../../workflows/change/messages';
import { changeOpened, changePlanned, changeScheduled, changeState } from '../../platform/store/change-entries';

/** 2026-11-24, ten in the evening, UTC. */
export const evening = Date.UTC(2026, 10, 24, 22);
export const hour = 3_600_000;

/** One store for a file of tests, closed and removed at its end; each test uses ids of its own. */
export function useStore(): () => Store {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-changes-'));
  let store: Store | null = null;
  let tests = 0;
  beforeEach(async () => {
    tests += 1;
    store = await openStore({ kind: 'libsql', file: join(folder, `${tests}.db`) });
  });
  afterEach(() => store?.close());
  afterAll(() => rmSync(folder, { recursive: true }));
  return () => {
    if (store === null) throw new Error('Cannot use the store: no test is under way');
    return store;
  };
}

export interface PlannedAs {
  readonly number: number;
  readonly items: readonly string[];
  readonly phase?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly requester?: string;
  readonly assignees?: readonly string[];
  readonly at?: number;
}

/** A change with a place in time, in the journal as the procedure would have written it. */
export async function plan(store: Store, id: string, as: PlannedAs): Promise<void> {
  const { number, items, phase = 'scheduled', startMs = evening, endMs = evening + 2 * hour } = as;
  const { requester = 'user/anna', assignees = [], at = number * 1_000 } = as;
  await store.journal.append(`run/${id}`, [
    changeOpened(number, { requester }, at),
    changePlanned(items, 1, at),
    changeScheduled({ startMs, endMs, preparationMs: 0, assignees }, at),
    changeState(phase, at),
  ]);
}

export function question(changeId: string, change: Partial<ConflictQuestion> = {}): ConflictQuestion {
  const time = { at: evening, startMs: evening, windowEndMs: evening + 2 * hour, preparationMs: 0 };
  const who = { type: 'normal', owner: 'user/ben', assignees: [] } as const;
  return { changeId, ...time, ...who, depth: 1, calendars: [], part: 'whole', take: false, ...change };
}

export function sources(
  store: Store,
  around: {
    readonly dependencies?: readonly Dependency[];
    readonly itemCalendars?: ItemSurroundings['calendars'];
    readonly calendars?: readonly ResolvedCalendar[];
    readonly unreadable?: readonly string[];
  } = {},
): ConflictSources {
  const { dependencies = [], itemCalendars = new Map(), calendars = [], unreadable = [] } = around;
  return {
    store,
    surroundings: () => Promise.resolve({ graph: dependencyGraph(dependencies), calendars: itemCalendars, unreadable }),
    calendars: ({ names }) =>
      Promise.resolve({
        calendars: calendars.filter(({ name }) => names.includes(name)),
        missing: names.filter((name) => calendars.every((calendar) => calendar.name !== name)),
      }),
  };
}
