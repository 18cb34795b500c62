import { actsIn } from '../../../../workflows/change/messages';
import type { ChangeAction } from '../../../../workflows/change/messages';
import { changeWord, isPhase } from './change-words';

export type ChangeActName = ChangeAction['action'];

export const actNames = [
  'submit',
  'edit',
  'reschedule',
  'extend',
  'revise',
  'review',
  'cancel',
] as const satisfies readonly ChangeActName[];

export const actTitles: { readonly [A in ChangeActName]: string } = {
  submit: 'Submit',
  edit: 'Edit',
  reschedule: 'Reschedule',
  extend: 'Extend',
  revise: 'Back to draft',
  review: 'Review',
  cancel: 'Cancel change',
};

const doneTexts: { readonly [A in ChangeActName]: string } = {
  submit: 'submitted',
  edit: 'edited',
  reschedule: 'rescheduled',
  extend: 'extended',
  revise: 'taken back to draft',
  review: 'reviewed',
  cancel: 'cancelled',
};

/** Why a change cannot be acted on so in its phase, and in which it could; null: it can. The engine reads the same table. */
export function actRefusal(phase: string, act: ChangeActName): string | null {
  if (!isPhase(phase)) return `Nobody knows what can be done to a change in the phase "${phase}".`;
  if (actsIn[phase].includes(act)) return null;
  const allowed = Object.entries(actsIn).flatMap(([name, acts]) => (acts.includes(act) ? [wordOf(name)] : []));
  return `It is ${wordOf(phase)}. A change can be ${doneTexts[act]} while it is ${allowed.join(', ')}.`;
}

function wordOf(phase: string): string {
  return changeWord({ phase, outcome: null }).word.toLowerCase();
}
