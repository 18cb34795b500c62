import fc from 'fast-check';

import type { RoleScript } from './bed';
import { knownSet, start } from './bed';
import { asserted, dayMs, isMutated, places, playDrill, restored, result, soundRoles, textOf } from './drills';
import type { DrillGiven, Drilled, Roles } from './drills';

const manifests = { bset1: { counts: { orders: 9 } }, bset0: { counts: { orders: 3 } } };
const sets = [knownSet(), knownSet({ id: 'bset0', setId: 'tool-0', atMs: start - 2 * dayMs })];

/** A drill with all that a drill can have: both sorts of mutations of the provider, and one of the engine. */
const full: DrillGiven = {
  sets,
  manifests,
  policy: { mutations: ['dropped-rows', 'flipped-bytes', 'stale-backup'] },
  roles: {
    'restic/mutate': ({ stage, mutation }) => {
      const applied = (stage === 'repository') === (mutation === 'flipped-bytes');
      return { outputs: { applied, repository: applied && stage === 'repository' ? '/copy' : '', what: 'x' } };
    },
    'restic/assert': (inputs) => asserted([result('rows', { ok: !isMutated(inputs) })]),
  },
};

function verdictOf({ bed }: Drilled): string {
  return bed.payloads('backup.verdict')[0]?.verdict ?? 'none';
}

/** From the n-th call on, one runbook fails. */
function failing(runbook: string, from: number): Roles {
  const all = soundRoles(full.roles);
  const usual = all[runbook];
  return {
    ...full.roles,
    [runbook]: (inputs, count): RoleScript =>
      count >= from || usual === undefined ? { fails: 'no login' } : usual(inputs, count),
  };
}

async function callsOfFull(): Promise<readonly { readonly runbook: string; readonly count: number }[]> {
  const { bed } = await playDrill(full);
  const counts = new Map<string, number>();
  return bed.names.map((runbook) => {
    const count = (counts.get(runbook) ?? 0) + 1;
    counts.set(runbook, count);
    return { runbook, count };
  });
}

test('R-DRILL-5: whichever run fails, the drill is blocked: it neither passes nor says anything about the backup', async () => {
  const calls = await callsOfFull();
  const verdicts: string[] = [];

  for (const { runbook, count } of calls) {
    const played = await playDrill({ ...full, roles: failing(runbook, count) });
    verdicts.push(`${verdictOf(played)} ${played.bed.payloads('backup.broken').length}`);
    const { opened, closed } = places(played.bed);
    if (runbook !== 'place/close') expect(closed).toEqual(opened);
  }

  expect(calls.length).toBeGreaterThan(25);
  expect(new Set(verdicts)).toEqual(new Set(['BLOCKED 0']));
});

test('R-DRILL-6: called off at any instant, every place that was begun is closed, and what was restored there destroyed', async () => {
  const { bed } = await playDrill(full);
  const lastMs = Math.max(...bed.called.map(({ at }) => at)) - start;
  const instants = fc.integer({ min: 0, max: lastMs + 2_000 });

  await fc.assert(
    fc.asyncProperty(instants, async (calledOffAfterMs) => {
      const played = await playDrill({ ...full, calledOffAfterMs });

      const { opened, closed } = places(played.bed);
      expect(closed).toEqual(opened);
      const used = played.bed.called.filter(({ runbook }) => runbook === 'restic/restore');
      const destroyed = played.bed.called.filter(
        ({ runbook, cancelled }) => runbook === 'restic/destroy' && !cancelled,
      );
      const labels = destroyed.map(({ inputs }) => inputs['label']);
      expect(used.filter(({ inputs }) => !labels.includes(textOf(inputs['label'])))).toEqual([]);
      // What is shielded was through: it had been proven by then.
      if (calledOffAfterMs < lastMs - 2_000) expect(verdictOf(played)).toBe('INTERRUPTED');
      expect(played.ended.outcome).toBe(verdictOf(played) === 'PASS' ? 'succeeded' : 'INTERRUPTED');
    }),
    { numRuns: 150 },
  );
});

test('R-DRILL-6: called off at the start of every run, every place that was begun is closed', async () => {
  const { bed } = await playDrill(full);

  for (const { at } of bed.called) {
    const played = await playDrill({ ...full, calledOffAfterMs: at - start });
    const { opened, closed } = places(played.bed);
    expect(closed).toEqual(opened);
  }
});

test('R-DRILL-5: it passes only when everything was restored, all assertions held and no mutation went unnoticed', async () => {
  const outcome = fc.record({
    restored: fc.boolean(),
    fault: fc.constantFrom('', 'backup', 'place'),
    oks: fc.array(fc.boolean(), { maxLength: 4 }),
    notices: fc.boolean(),
    escaped: fc.constantFrom(0, 0, 1),
    sunk: fc.constantFrom(2, 2, 0, -1),
  });

  await fc.assert(
    fc.asyncProperty(outcome, async ({ restored: isThere, fault, oks, notices, escaped, sunk }) => {
      const played = await playDrill({
        ...full,
        policy: { mutations: ['dropped-rows'] },
        roles: {
          ...full.roles,
          'restic/restore': () => restored({ restored: isThere, fault }),
          'restic/assert': (inputs) =>
            asserted(oks.map((ok, at) => result(`r${at}`, { ok: ok && !(notices && isMutated(inputs)) }))),
          'place/close': () => ({ outputs: { leftovers: [], sunk, escaped } }),
        },
      });

      const deserves =
        isThere && fault === '' && oks.length > 0 && oks.every(Boolean) && notices && escaped === 0 && sunk > 0;
      expect(verdictOf(played) === 'PASS').toBe(deserves);
    }),
    { numRuns: 200 },
  );
});
