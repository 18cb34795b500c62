import { deskDueAt, tendDesk } from '../approvals/desk';
import { isUnregularised } from '../domain/approval-course';
import { isJsonObject } from '../domain/json-shape';
import type { Json } from '../domain/json';
import { accept, answerAct, hasAct, refuse } from './acts';
import { asJson, move, note } from './facts';
import { as, deskContext, nameOf } from './here';
import type { Doer, Here } from './here';
import { freeItems } from './items';
import type { ChangeAct, ChangeReply, ReviewResult } from './messages';
import { putQuestion, takeAnswer, withdrawQuestion } from './question';
import { editText } from './submission';

/** Planned against actual, from the journal; who wrote it signs it by closing the change. */
export async function review(here: Here): Promise<void> {
  const { state, effects, input } = here;
  if (hasAct(here)) return answerAct({ edit: editText, review: reviewByAct }, here);
  await tendRegularisation(here);
  const runId = state.run?.childId ?? null;
  const { draft, exceptions } = await effects.lookUp('draftReview', { changeId: input.change.id, runId });
  if (closesItself(exceptions, here))
    return close(
      { outcome: 'successful', text: 'closed by the engine: as planned', tickets: {} },
      { draft, by: null },
      here,
    );
  const chosen = takeAnswer('review', here);
  if (chosen !== null) {
    const given = { outcome: outcomeOf(chosen.choice), text: chosen.comment, tickets: ticketsOf(chosen.form) };
    return close(given, { draft, by: { actor: chosen.by, via: 'task' } }, here);
  }
  await askForReview(draft, exceptions, here);
  const { news } = state;
  const dueAt = regularisationDueAt(here);
  const answered = (): boolean => Object.values(state.tasks).some(({ closed }) => closed !== null);
  await effects.waitFor(() => hasAct(here) || state.news !== news || answered(), dueAt ?? undefined);
}

/** R-APPR-12: the second approver of an emergency has a business day; after it the change is unregularised. */
async function tendRegularisation(here: Here): Promise<void> {
  const { state, effects } = here;
  const { approval } = state;
  if (approval === null) return;
  const dueAt = regularisationDueAt(here);
  if (dueAt !== null && effects.now() >= dueAt) await tendDesk(approval, deskContext(here));
  const unregularised = isUnregularised(approval.approval);
  if (unregularised === state.flags.unregularised) return;
  state.flags = { ...state.flags, unregularised };
  note(here, 'change.flagged', {
    flag: unregularised ? 'unregularised' : 'regularised',
    reason: unregularised ? 'its second approval is missing after one business day' : 'its second approval came',
  });
}

/** Only an emergency is still asked about; how long an approval would have been valid is of no interest any more. */
function regularisationDueAt({ state }: Here): number | null {
  const { approval } = state;
  return approval?.approval.phase.name === 'pending' ? deskDueAt(approval) : null;
}

/** Nothing to tell: it did what was planned, in its window, on every target, and everybody who was to approve has. */
function closesItself(exceptions: readonly string[], { state }: Here): boolean {
  const { flags, run, model, approval } = state;
  const isClean = !flags.overrun && !flags.unauthorised && !flags.unregularised && exceptions.length === 0;
  const isDone = run?.outcome?.outcome === 'succeeded' && !run.outcome.degraded;
  const isRegular = approval === null || approval.approval.phase.name === 'approved';
  return isClean && isDone && isRegular && model?.type === 'standard';
}

async function askForReview(draft: Json, exceptions: readonly string[], here: Here): Promise<void> {
  const { state, effects } = here;
  const { run, model } = state;
  const dueAt = (run?.endedAt ?? effects.now()) + (model?.reviewWithinMs ?? 0);
  await putQuestion(
    {
      about: 'review',
      title: `Review ${nameOf(here)} ${state.draft.title}`,
      candidates: [...(model?.changeManagers ?? [])],
      // R-ROLL-11: tickets are given with `change review`; an answer to a question has no room for them.
      options: exceptions.length > 0 ? ['failed'] : optionsOf(here, exceptions),
      show: { draft, exceptions: [...exceptions], dueAt: new Date(dueAt).toISOString() },
      dueAt: null,
      onDue: null,
    },
    here,
  );
}

/** R-ROLL-11: what is not done on every target is not simply successful. */
function optionsOf({ state }: Here, exceptions: readonly string[]): readonly string[] {
  const outcome = state.run?.outcome;
  if (outcome?.outcome === 'undone') return ['backed-out', 'failed'];
  if (outcome?.outcome !== 'succeeded') return ['failed'];
  return outcome.degraded || exceptions.length > 0
    ? ['successful-with-issues', 'failed']
    : ['successful', 'successful-with-issues', 'failed'];
}

async function reviewByAct(act: Extract<ChangeAct, { action: 'review' }>, here: Here): Promise<ChangeReply> {
  const { state, effects, input } = here;
  const { draft, exceptions } = await effects.lookUp('draftReview', {
    changeId: input.change.id,
    runId: state.run?.childId ?? null,
  });
  const cannot = `Cannot close ${nameOf(here)}`;
  const options = optionsOf(here, exceptions);
  if (!options.includes(act.review.outcome))
    return refuse('REVIEW_OUTCOME', `${cannot} as "${act.review.outcome}": what happened allows ${options.join(', ')}`);
  const missing = exceptions.filter((exception) => (act.review.tickets[exception] ?? '') === '');
  if (missing.length > 0 && act.review.outcome !== 'failed')
    return refuse('REVIEW_TICKETS', `${cannot}: each exception needs a ticket`, missing);
  withdrawQuestion('review', here);
  await close(act.review, { draft, by: act }, here);
  return accept(here);
}

interface Closing {
  readonly draft: Json;
  readonly by: Doer | null;
}

async function close(result: ReviewResult, { draft, by }: Closing, here: Here): Promise<void> {
  const { state } = here;
  state.review = result;
  state.outcome = result.outcome;
  const { outcome, text, tickets } = result;
  const signed = by === null ? here : as(by, here);
  note(signed, 'change.review', { outcome, text, tickets: asJson(tickets), draft });
  // After a failed back-out they were kept until somebody had looked (R-ROLL-8).
  await freeItems(here);
  move(signed, 'close', text === '' ? `reviewed as ${outcome}` : text);
}

function outcomeOf(choice: string): ReviewResult['outcome'] {
  return choice === 'successful' || choice === 'successful-with-issues' || choice === 'backed-out' ? choice : 'failed';
}

function ticketsOf(form: Json): ReviewResult['tickets'] {
  if (!isJsonObject(form)) return {};
  return Object.fromEntries(
    Object.entries(form).map(([exception, ticket]) => [
      exception,
      typeof ticket === 'string' ? ticket : JSON.stringify(ticket),
    ]),
  );
}
