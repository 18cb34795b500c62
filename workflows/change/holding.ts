import type { FreezeDuty } from '../domain/freeze';
import { freezeNow, freezeText } from './checks';
import type { Here } from './here';
import { byPerson, order, orderBackOut } from './orders';
import { isAsked, putQuestion, takeAnswer, withdrawQuestion } from './question';
import type { ChangeRun } from './state';

/** R-FREEZE-4: what is ahead is the rest of the execution with its back-out. */
export function freezeAhead(run: ChangeRun, here: Here): Promise<FreezeDuty> {
  const { state, effects } = here;
  const startMs = effects.now();
  const backOutMs = state.plan?.work.backOutP95Ms ?? 0;
  const isBetween = Object.keys(run.ready).length > 0;
  const endMs = Math.max(
    startMs + 1,
    isBetween ? Math.min(state.window.endMs, startMs + nextWaveMs(here) + backOutMs) : startMs + 1,
  );
  return freezeNow(isBetween ? 'between-waves' : 'in-wave', { startMs, endMs }, here);
}

/** The longest wave of the plan: which one comes next only the run knows. */
function nextWaveMs({ state }: Here): number {
  const waves = (state.plan?.units ?? []).filter(({ wave }) => wave !== null);
  return Math.max(0, ...waves.map(({ p95Ms }) => p95Ms ?? 0));
}

/** R-FREEZE-2: a soft freeze holds at the boundary, by not admitting; a hard one pauses at once and asks. */
export async function settleFreeze(run: ChangeRun, freeze: FreezeDuty, here: Here): Promise<void> {
  const chosen = takeAnswer('freeze', here);
  if (chosen?.choice === 'back-out')
    return orderBackOut(`a hard freeze: decided by ${chosen.by}`, byPerson(chosen.by), here);
  if (freeze.kind === 'pause-and-ask') {
    await holdHard(run, { because: 'freeze', reason: freezeText(freeze.because) }, here);
    if (chosen?.choice === 'wait' || isAsked('freeze', here)) return;
    await putQuestion(
      {
        about: 'freeze',
        title: `Paused by a hard freeze: ${freezeText(freeze.because)}`,
        candidates: here.state.model?.dutyManagers ?? [],
        options: ['wait', 'back-out'],
        show: {},
        dueAt: null,
        onDue: null,
        priority: 1,
      },
      here,
    );
    return;
  }
  if (run.held !== 'freeze') return;
  withdrawQuestion('freeze', here);
  run.held = null;
  await order({ action: 'release' }, 'the freeze is over', here);
}

/** R-ROLL-9, R-WIN-2: there is nothing to back out to. Nothing starts until the duty manager lets it go on. */
export async function settlePause(run: ChangeRun, isPaused: boolean, here: Here): Promise<void> {
  if (!isPaused && run.held !== 'window') return;
  const chosen = takeAnswer('no-return', here);
  if (isPaused && chosen === null) {
    await holdHard(run, { because: 'window', reason: 'the window closes in after a point of no return' }, here);
    await askWhetherToGoOn(here);
    return;
  }
  withdrawQuestion('no-return', here);
  if (chosen !== null) run.duty = { choice: 'continue', atMs: here.effects.now() };
  run.held = null;
  await order({ action: 'release' }, chosen === null ? 'the window is longer now' : `decided by ${chosen.by}`, here);
}

function askWhetherToGoOn(here: Here): Promise<void> {
  return putQuestion(
    {
      about: 'no-return',
      title: 'Paused: the window closes in, and after its point of no return the change cannot be backed out',
      candidates: here.state.model?.dutyManagers ?? [],
      options: ['go-on'],
      show: {},
      dueAt: null,
      onDue: null,
      priority: 1,
    },
    here,
  );
}

interface HardHold {
  readonly because: 'freeze' | 'window';
  readonly reason: string;
}

async function holdHard(run: ChangeRun, { because, reason }: HardHold, here: Here): Promise<void> {
  if (run.held !== null) return;
  run.held = because;
  await order({ action: 'hold', hard: true }, reason, here);
}
