import { dueAt, overdue, renderShown } from '../../approve';
import { ask } from '../../ask';
import type { Here, Opened } from '../../here';
import type { ManualStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';

/** A step that people do; silence is the option that `onDue` names, or a failure. */
export async function runManual(step: ManualStep, { path }: Opened, here: Here): Promise<StepEnd> {
  if (here.input.check) return ended;
  const shown = await renderShown(step.title, step.show, { reads: step.reads, here });
  if (!shown.ok) return failedEnd(shown.failure);
  const decision = await ask(
    {
      kind: 'manual',
      path,
      title: shown.title,
      show: shown.show,
      candidates: step.assignees,
      options: step.options,
      min: 1,
      rejectOn: 1,
      excludeRequester: false,
      form: step.form ?? null,
      dueAt: await dueAt(step.due, here),
      onDue: step.onDue,
      hosts: [],
    },
    here,
  );
  if (decision.reason === 'due' && !step.options.includes(step.onDue)) return failedEnd(overdue(shown.title).failure);
  const { choice, by, comment, form } = decision;
  return { ...ended, fields: { choice, by, comment, form } };
}
