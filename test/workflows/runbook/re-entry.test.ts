import fc from 'fast-check';

import type { RehearsalResult } from '../../../workflows/rehearsal';
import { play, repeated } from './play';
import type { Playing } from './play';
import { randomProgram } from './programs';
import type { RandomProgram } from './programs';

const hostCount = 4;

function playProgram(
  { steps, onFailure, outcomes, answers }: RandomProgram,
  playing: Pick<Playing, 'controls' | 'suspendAt'> = {},
): Promise<RehearsalResult> {
  const script = { outcomes: [...outcomes, { step: 'shop', result: { status: 200 } }], answers };
  return play(steps, { program: { onFailure }, hostCount, script, ...playing });
}

/** What must be the same: the end, every effect, every fact. */
function essence(played: RehearsalResult): unknown {
  return {
    problems: played.problems,
    outcome: played.result?.outcome,
    error: played.result?.error,
    degraded: played.result?.degraded,
    undone: [...played.state.undone].sort(),
    applied: played.applied.map(({ key, times }) => `${key} ${times}`).sort(),
    journal: factsOf(played),
    endedAt: played.endedAt,
  };
}

/** Branches that ask at the same moment may be numbered either way, and may say in either order that the run waits. */
function factsOf({ journal }: RehearsalResult): readonly string[] {
  const facts = journal.filter(({ kind }) => kind !== 'run.state');
  return facts.map(({ key }) => key.replace(/^rehearsal-\d+\/(answer-\d+\/)?/, 'task/')).sort();
}

test('re-entry (D6, D7): a run that is suspended at any checkpoint and entered again has the same effects and the same end', async () => {
  await fc.assert(
    fc.asyncProperty(randomProgram, fc.integer({ min: 1, max: 60 }), async (program, first) => {
      const whole = await playProgram(program);
      const interrupted = await playProgram(program, { suspendAt: (checkpoint) => checkpoint === first });

      expect(whole.problems).toEqual([]);
      expect(essence(interrupted)).toEqual(essence(whole));
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('re-entry (D7): a run that is suspended again and again ends the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomProgram,
      fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 12 }),
      async (program, at) => {
        const whole = await playProgram(program);
        const interrupted = await playProgram(program, { suspendAt: (checkpoint) => at.includes(checkpoint) });

        expect(essence(interrupted)).toEqual(essence(whole));
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test('re-entry (D7): a run that is cancelled, and suspended meanwhile, undoes the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomProgram,
      fc.uniqueArray(fc.integer({ min: 1, max: 80 }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 20 }),
      async (program, at, halfSeconds) => {
        const cancel = { action: 'cancel', actor: 'user/anna', via: 'cli', id: 'c', keep: false, reason: '' } as const;
        const controls = [{ afterMs: halfSeconds * 500 + 250, control: cancel }];
        const whole = await playProgram(program, { controls });
        const interrupted = await playProgram(program, {
          controls,
          suspendAt: (checkpoint) => at.includes(checkpoint),
        });

        expect(repeated(interrupted)).toEqual([]);
        expect(essence(interrupted)).toEqual(essence(whole));
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test('no effect is ever applied twice under the same key, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(randomProgram, async (program) => {
      expect(repeated(await playProgram(program))).toEqual([]);
    }),
    { numRuns: 100 },
  );
}, 60_000);
