import { VirtualClock, timingOf } from '../../../workflows/rehearsal/clock';
import type { Part } from '../../../workflows/rehearsal/clock';
import type { Effects } from '../../../workflows/effects';
import { fakeRun } from '../runbook/fake-effects';

function effectsAt(clock: VirtualClock, part: Part): Effects {
  return { ...fakeRun().effects, ...timingOf(clock, part, (inner) => effectsAt(clock, inner)) };
}

// D6: the same rehearsal gives the same timeline every time, and time passes only when nothing is left to do.
describe('the virtual clock (D6)', () => {
  test('wakes who is due at the same moment in the order in which they began to wait', async () => {
    const clock = new VirtualClock(0);
    const woken: string[] = [];
    clock.at(1_000, () => woken.push('timer'));

    await clock.run(async (part) => {
      const effects = effectsAt(clock, part);
      const names = ['first', 'second', 'third'];
      await effects.all(names.map((name) => (own) => own.sleep(1_000).then(() => void woken.push(name))));
    });

    expect(woken).toEqual(['timer', 'first', 'second', 'third']);
  });

  test('goes to the earliest moment, and only once everything that can run has run', async () => {
    const clock = new VirtualClock(0);
    const seen: [string, number][] = [];

    await clock.run(async (part) => {
      const effects = effectsAt(clock, part);
      let isOpen = false;
      await effects.all([
        async (own) => {
          await own.sleep(60_000);
          seen.push(['late', clock.now]);
        },
        async (own) => {
          await own.waitFor(() => isOpen);
          seen.push(['opened', clock.now]);
        },
        async (own) => {
          await own.sleep(10);
          isOpen = true;
        },
      ]);
    });

    expect(seen).toEqual([
      ['opened', 10],
      ['late', 60_000],
    ]);
  });
});
