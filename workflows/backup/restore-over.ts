import type { ChildRun } from '../runbook/messages';
import { note } from './here';
import { placeInputs } from './place';
import type { Place } from './place';
import { hasRole, providerRole, undoRole } from './provider';
import { failedText, lookedAtForMs, shownBeside } from './restore-beside';
import { askAbout } from './restore-question';
import type { Beside, RestoreEnd, Restoring } from './restore-record';
import { askRole } from './role-outputs';
import { timed } from './step-times';

/** Swap, on word; undo, until somebody confirms; the original is removed by that word only. */
export async function putInPlace(beside: Beside, restoring: Restoring): Promise<RestoreEnd> {
  const { plan } = restoring.input;
  const { choice, by } = await askAbout(
    {
      about: 'swap',
      title: `Let the restored ${plan.service} take the place of what is live on ${plan.host}?`,
      options: ['swap', 'discard'],
      show: shownBeside(beside),
      due: { afterMs: lookedAtForMs, choice: 'discard' },
    },
    restoring,
  );
  if (choice !== 'swap') {
    const who = by.length === 0 ? 'nobody decided on the swap in time' : `${by.join(', ')} discarded it`;
    return { outcome: 'cancelled', reason: `${who}; what is live was not touched` };
  }
  // From here on there is something to be taken back: only an answer ends it, whoever calls it off.
  return restoring.effects.shield((effects) => swap(beside, { ...restoring, effects }));
}

interface Swapped {
  readonly run: ChildRun;
  readonly original: string;
}

async function swap(beside: Beside, restoring: Restoring): Promise<RestoreEnd> {
  const { record, effects } = restoring;
  const { place } = beside;
  const startedAt = effects.now();
  const call = { runbook: providerRole(restoring, 'swap'), inputs: placeInputs(place), inventory: place.inventory };
  const swapped = await timed('swap', { steps: record.steps, effects }, () =>
    askRole(call, { original: 'text' }, restoring),
  );
  const { run } = swapped;
  // It was never begun.
  if (run === null) return { outcome: 'failed', reason: `Cannot swap: ${swapped.ok ? '' : swapped.reason}` };
  if (!swapped.ok) return takeBack(run, { outcome: 'failed', reason: `Cannot swap: ${swapped.reason}` }, restoring);
  const { original } = swapped.told;
  note(restoring, 'backup.step', { what: 'swapped', startedAt, detail: { label: place.label, original } });
  return confirm(beside, { run: swapped.run, original }, restoring);
}

async function confirm(beside: Beside, { run, original }: Swapped, restoring: Restoring): Promise<RestoreEnd> {
  const { plan } = restoring.input;
  const { choice, by } = await askAbout(
    {
      about: 'confirm',
      title: `The restored ${plan.service} is live on ${plan.host}: does it stand?`,
      options: ['confirm', 'back'],
      show: { ...shownBeside(beside), original, back: 'what was written since the swap goes with it' },
      due: null,
    },
    restoring,
  );
  if (choice !== 'confirm')
    return takeBack(run, { outcome: 'cancelled', reason: `${by.join(', ')} took the swap back` }, restoring);
  const { isDone, text } = await settle(beside.place, original, restoring);
  const failed = beside.failed.length === 0 ? '' : `; ${failedText(beside.failed)}`;
  const reason = `it took the place of what was live, confirmed by ${by.join(', ')}${failed}; ${text}`;
  // Somebody has to see to an original that does not go: of what succeeded nobody is told.
  return { outcome: isDone ? 'succeeded' : 'failed', reason };
}

interface Settled {
  readonly isDone: boolean;
  readonly text: string;
}

async function settle(place: Place, original: string, restoring: Restoring): Promise<Settled> {
  const { record, effects } = restoring;
  if (!hasRole(restoring, 'settle')) return { isDone: true, text: `the original stays in ${original}` };
  const startedAt = effects.now();
  const { host, label, inventory } = place;
  const call = { runbook: providerRole(restoring, 'settle'), inputs: { host, original, label }, inventory };
  const settled = await timed('settle', { steps: record.steps, effects }, () =>
    askRole(call, { removed: 'flag' }, restoring),
  );
  const removed = settled.ok && settled.told.removed;
  note(restoring, 'backup.step', { what: 'settled', startedAt, detail: { label, original, removed } });
  if (removed) return { isDone: true, text: 'the original is gone' };
  const why = settled.ok ? '' : `: ${settled.reason}`;
  return { isDone: false, text: `the original is still in ${original}${why}` };
}

async function takeBack(run: ChildRun, { outcome, reason }: RestoreEnd, restoring: Restoring): Promise<RestoreEnd> {
  const { record, effects } = restoring;
  const startedAt = effects.now();
  const problem = await timed('swap back', { steps: record.steps, effects }, () => undoRole(run, restoring));
  note(restoring, 'backup.step', { what: 'swapped-back', startedAt, detail: { run: run.childId, problem } });
  if (problem === null) return { outcome, reason: `${reason}; what was live is live again` };
  // The place may be where the one or the other lies.
  record.keepsPlace = true;
  return {
    outcome: 'failed',
    reason: `${reason}; it could not be undone (${problem}): nobody knows what is live, and nothing was cleaned up`,
  };
}
