import { conflictReport, conflictVerdict } from '../../../workflows/domain/conflict';
import { dependencyGraph } from '../../../workflows/domain/dependency-graph';
import {
  addedPart,
  addedStretch,
  extensionAddendum,
  extensionProblems,
} from '../../../workflows/domain/window-extension';
import type { ConflictReport } from '../../../workflows/domain/conflict';
import type { ConflictSeverity } from '../../../workflows/domain/conflict-kind';
import type { FreezeCheck } from '../../../workflows/domain/freeze';
import type { PlannedChange } from '../../../workflows/domain/planned-change';
import type { ExtensionProblem } from '../../../workflows/domain/window-extension';

const window = { startMs: 100, endMs: 200, cutoffMs: 20 };
const open: FreezeCheck = { kind: 'open', consulted: [] };
const during = { startMs: 200, endMs: 250 };

function conflicts(...severities: readonly ConflictSeverity[]): ConflictReport {
  const row = {
    kind: 'assignee-scheduled',
    person: 'anna',
    change: 'b',
    owner: 'ben',
    during,
    nextFree: null,
  } as const;
  return { conflicts: severities.map((severity) => ({ ...row, severity })), unresolved: [], nextFree: null };
}

test.each<[string, number, FreezeCheck, ConflictReport, number, readonly ExtensionProblem[]]>([
  ['that meets nothing', 250, open, conflicts(), 150, []],
  ['that is only warned of', 250, open, conflicts('warns'), 150, []],
  ['of an emergency, which skips calendars', 250, { kind: 'skipped' }, conflicts(), 150, []],
  ['that adds nothing', 200, open, conflicts(), 150, ['not-later']],
  ['asked for when the window is over', 250, open, conflicts(), 200, ['window-over']],
  ['into a freeze', 250, { kind: 'closed', consulted: [], closings: [] }, conflicts(), 150, ['calendar-closed']],
  ['into a blackout of an item', 250, open, conflicts('holds'), 150, ['calendar-closed']],
  [
    'beyond what calendars cover',
    250,
    { kind: 'beyond-horizon', consulted: [], unresolved: [] },
    conflicts(),
    150,
    ['calendar-unresolved'],
  ],
  ['into another change', 250, open, conflicts('warns', 'blocks'), 150, ['conflict']],
])('R-WIN-3: an extension %s', (_name, newEndMs, calendars, found, nowMs, expected) => {
  expect(extensionProblems({ window, newEndMs }, { calendars, conflicts: conflictVerdict(found) }, nowMs)).toEqual(
    expected,
  );
});

test('R-WIN-3: conflicts are looked for on the added stretch alone', () => {
  const people = { owner: 'user/ben', assignees: [], preparationMs: 30 };
  const one: PlannedChange = { ...people, id: 'a', type: 'normal', items: ['web'], startMs: 100, windowEndMs: 200 };
  const others: readonly PlannedChange[] = [
    { ...one, id: 'known before', preparationMs: 0, startMs: 150, windowEndMs: 200 },
    { ...one, id: 'new', preparationMs: 0, startMs: 249, windowEndMs: 300 },
    { ...one, id: 'after', preparationMs: 0, startMs: 250, windowEndMs: 300 },
  ];
  const world = { others, graph: dependencyGraph([]), depth: 1, calendars: new Map(), searchUntilMs: 1000 };

  const found = conflictReport(addedPart(one, 250), world).conflicts;

  expect(addedStretch(window, 250)).toEqual(during);
  expect(found).toMatchObject([{ change: 'new', during: { startMs: 249, endMs: 250 } }]);
});

test('R-WIN-3: an extension is an addendum with one vote, which moves the end of validity and keeps start and cutoff', () => {
  expect(extensionAddendum(window, 250)).toEqual({
    added: during,
    window: { startMs: 100, endMs: 250, cutoffMs: 20 },
    approvalsValidUntilMs: 250,
    voterRole: 'change-manager',
    votesNeeded: 1,
  });
});
