import { awaitDesk } from '../approvals/desk';
import { answerAct, hasAct } from './acts';
import type { ActHandlers } from './acts';
import { cancel } from './cancelling';
import { conflictsNow, conflictText } from './checks';
import { move } from './facts';
import { deskContext, within } from './here';
import type { Here } from './here';
import { putQuestion, takeAnswer, withdrawQuestion } from './question';
import { hold } from './scheduled';
import { editDraft, editSubmitted, goOnAssessed, reschedule, revise, submit } from './submission';

const draftActs: ActHandlers = { submit, edit: editDraft, reschedule, cancel };
const openActs: ActHandlers = { edit: editSubmitted, revise, reschedule, cancel };

/** Until somebody submits or cancels it. */
export async function beDrafted(here: Here): Promise<void> {
  await here.effects.waitFor(() => hasAct(here));
  await answerAct(draftActs, here);
}

/** Somebody confirms what the questions gave, or sends it back. */
export async function assess(here: Here): Promise<void> {
  const { state, effects } = here;
  const { assessment, model, draft } = state;
  await putQuestion(
    {
      about: 'assess',
      title: `Assess "${draft.title}": risk ${assessment?.risk ?? ''} (score ${assessment?.score ?? 0})`,
      candidates: model?.assessors ?? [],
      options: ['accept', 'send-back'],
      show: { answers: { ...assessment?.answers } },
      dueAt: null,
      onDue: null,
    },
    here,
  );
  await effects.waitFor(() => hasAct(here) || isAnswered(here));
  const chosen = takeAnswer('assess', here);
  if (chosen?.choice === 'accept') return goOnAssessed(`accepted by ${chosen.by}`, here);
  if (chosen !== null) return move(here, 'revise', `sent back by ${chosen.by}: ${chosen.comment}`);
  await answerAct(openActs, here);
  if (state.phase !== 'assessing') withdrawQuestion('assess', here);
}

function isAnswered({ state }: Here): boolean {
  return Object.values(state.tasks).some(({ closed }) => closed !== null);
}

/** Until its approval is decided. An emergency goes on as soon as one approver is for it (R-APPR-12). */
export async function authorise(here: Here): Promise<void> {
  const { state, effects } = here;
  const desk = state.approval;
  if (desk === null) return move(here, 'approve', 'nobody has to be asked');
  if (!hasAct(here)) {
    await effects.race<unknown>([
      (inner) => awaitDesk(desk, deskContext(within(here, inner))),
      (inner) => inner.waitFor(() => hasAct(here) || mayStartAhead(here)),
    ]);
  }
  if (hasAct(here)) return answerAct(openActs, here);
  await decide(here);
}

async function decide(here: Here): Promise<void> {
  const { state } = here;
  const phase = state.approval?.approval.phase;
  if (phase === undefined) return;
  switch (phase.name) {
    case 'approved':
      return approved(`approved by ${phase.by.join(', ')}`, here);
    case 'rejected':
      state.approval = null;
      return move(here, 'reject', `rejected by ${phase.by.join(', ')}`);
    case 'timed-out':
      state.outcome = 'expired';
      return move(here, 'expire', 'nobody answered in time');
    case 'pending':
      if (mayStartAhead(here)) move(here, 'approve', 'an emergency: one approver is for it, the others are asked on');
      return;
    case 'lapsed':
    case 'withdrawn':
      state.outcome = 'expired';
      return move(here, 'expire', `the approval is ${phase.name}`);
  }
}

/** R-CONF-3: what was taken since the submission holds it from now on, and not only when it would start. */
async function approved(reason: string, here: Here): Promise<void> {
  const answer = await conflictsNow({ when: 'vote' }, here);
  move(here, 'approve', reason);
  if (answer.verdict === 'blocked')
    hold({ kind: 'conflict', since: here.effects.now(), text: conflictText(answer) }, here);
}

function mayStartAhead({ state }: Here): boolean {
  const approval = state.approval?.approval;
  return (
    approval !== undefined &&
    approval.request.emergency &&
    approval.phase.name === 'pending' &&
    approval.votes.some(({ choice }) => choice === 'approve')
  );
}
