import { dutyOptions, windowDuty } from '../domain/window-duty';
import type { DutyOption } from '../domain/window-duty';
import type { WindowTimes } from '../domain/window';
import { asJson, note } from './facts';
import type { Doer, Here } from './here';
import { isAsked, putQuestion, takeAnswer, withdrawQuestion } from './question';
import { remainingUnits } from './remaining';
import type { ChangeRun } from './state';

export type Duty =
  | { readonly kind: 'go-on'; readonly wakeAtMs: number | null }
  | { readonly kind: 'pause'; readonly wakeAtMs: number | null }
  | { readonly kind: 'back-out'; readonly because: string; readonly by: Doer };

const engine: Doer = { actor: 'engine', via: 'engine' };
/** What was answered is looked at once more, at once: it may lead to another duty. */
const passes = 3;

/** R-WIN-2: asks the duty manager five minutes before T_decide, and does what was answered, or backs out when nobody did. */
export async function settleDuty(run: ChangeRun, times: WindowTimes, here: Here): Promise<Duty> {
  for (let pass = 0; pass < passes; pass += 1) {
    takeDutyAnswer(run, here);
    const duty = await oneDuty(run, times, here);
    if (duty !== 'again') return duty;
  }
  return { kind: 'go-on', wakeAtMs: times.decideAtMs };
}

async function oneDuty(run: ChangeRun, times: WindowTimes, here: Here): Promise<Duty | 'again'> {
  const { state, effects } = here;
  const remaining = remainingNow(run, here);
  const tasksLeft = remaining.lastTaskStartP90Ms !== 0;
  const { passedNoReturn, duty: answer } = run;
  const found = windowDuty(times, { answer, passedNoReturn, tasksLeft }, effects.now());
  switch (found.kind) {
    case 'work':
      return { kind: 'go-on', wakeAtMs: found.wakeAtMs };
    case 'ask':
      await ask(run, { times, dueAt: found.answerBeforeMs }, here);
      return { kind: 'go-on', wakeAtMs: found.answerBeforeMs };
    case 'await-extension':
      // Refused or never asked for: the question is open again.
      if (state.extension === null && answer?.choice === 'extend' && run.extensionAsked) return forget(run);
      return { kind: 'go-on', wakeAtMs: found.grantBeforeMs };
    case 'back-out':
      noteUnanswered(run, times, here);
      return {
        kind: 'back-out',
        because:
          answer?.choice === 'back-out' ? 'the duty manager decided so' : 'T_decide has passed without an answer',
        by: engine,
      };
    case 'pause':
      return { kind: 'pause', wakeAtMs: null };
    case 'stuck':
      return forget(run);
    case 'overrun':
      flagOverrun(here);
      return { kind: 'go-on', wakeAtMs: null };
  }
}

function forget(run: ChangeRun): 'again' {
  run.duty = null;
  run.extensionAsked = false;
  return 'again';
}

function takeDutyAnswer(run: ChangeRun, here: Here): void {
  const chosen = takeAnswer('duty', here);
  if (chosen === null) return;
  const choice = dutyChoice(chosen.choice);
  if (choice === null) return;
  run.duty = { choice, atMs: here.effects.now() };
  note(here, 'change.duty', { question: 'window', choice, times: asJson({ by: chosen.by, comment: chosen.comment }) });
}

function dutyChoice(text: string): DutyOption | null {
  return text === 'continue' || text === 'extend' || text === 'back-out' || text === 'pause' ? text : null;
}

async function ask(
  run: ChangeRun,
  { times, dueAt }: { readonly times: WindowTimes; readonly dueAt: number },
  here: Here,
): Promise<void> {
  if (isAsked('duty', here)) return;
  const { state, effects } = here;
  const remaining = remainingNow(run, here);
  const options = dutyOptions(
    times,
    { remaining, extensionPossible: true, passedNoReturn: run.passedNoReturn },
    effects.now(),
  );
  note(here, 'change.duty', { question: 'window', choice: null, times: asJson(times) });
  await putQuestion(
    {
      about: 'duty',
      title: `"${state.draft.title}" is not finished: without an answer it is backed out at ${new Date(dueAt).toISOString()}`,
      candidates: state.model?.dutyManagers ?? [],
      options,
      show: { windowEnd: new Date(times.endMs).toISOString(), remainingP90Ms: remaining.p90Ms },
      dueAt,
      onDue: run.passedNoReturn ? 'pause' : 'back-out',
      priority: 1,
    },
    here,
  );
}

function noteUnanswered(run: ChangeRun, times: WindowTimes, here: Here): void {
  if (run.duty !== null) return;
  withdrawQuestion('duty', here);
  note(here, 'change.duty', { question: 'window', choice: 'back-out', times: asJson(times) });
}

/** R-WIN-4: a flag beside any outcome. */
export function flagOverrun(here: Here): void {
  const { state } = here;
  if (state.flags.overrun) return;
  state.flags = { ...state.flags, overrun: true };
  note(here, 'change.flagged', { flag: 'overrun', reason: 'it went on after the end of its window' });
}

function remainingNow(run: ChangeRun, { state, effects }: Here): ReturnType<typeof remainingUnits> {
  const done = run.done.map(({ path, wave }) => `${path}#${wave}`);
  return remainingUnits(state.plan?.units ?? [], { done, since: run.since }, effects.now());
}
