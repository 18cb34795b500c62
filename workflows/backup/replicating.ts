import { isInterruption } from '../effects';
import type { Taken } from './backup-attempt';
import { note } from './here';
import type { Here } from './here';
import type { RepositoryInForce } from './messages';
import { hasRole, providerRole } from './provider';
import { askRole, problemsText } from './role-outputs';
import { enter } from './stage';

/** Null: it is there, or is not wanted there. The backup itself is good, so that calling it off leaves an alarm only. */
export async function replicate(taken: Taken, here: Here): Promise<string | null> {
  const { offsite } = here.input.plan.repositories;
  if (offsite === null || !hasRole(here, 'copy')) return null;
  enter(here, 'copying');
  try {
    return await copyTo(offsite, taken, here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel')
      return `not copied to ${offsite.location}: called off: ${here.state.calledOff ?? ''}`;
    throw error;
  }
}

async function copyTo({ location, password }: RepositoryInForce, taken: Taken, here: Here): Promise<string | null> {
  const { id } = here.input.operation;
  const inputs = {
    set: taken.setId,
    kind: taken.kind,
    label: id,
    offsite: location,
    ...(password === null ? {} : { offsitePassword: password }),
  };
  const runbook = providerRole(here, 'copy');
  const answer = await askRole({ runbook, inputs }, { intact: 'flag', problems: 'list' }, here);
  if (!answer.ok) return `not copied to ${location}: ${answer.reason}`;
  const { intact, problems } = answer.told;
  if (!intact) return `the copy at ${location} is not intact: ${problemsText(problems)}`;
  note(here, 'backup.replicated', { set: id, location, atMs: here.effects.now() });
  return null;
}
