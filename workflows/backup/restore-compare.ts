import type { Json } from '../domain/json';
import { note } from './here';
import { placeInputs } from './place';
import type { Place } from './place';
import { hasRole, providerRole } from './provider';
import type { Restoring } from './restore-record';
import { askRole } from './role-outputs';
import { timed } from './step-times';

/** Null: nobody could. */
export async function compareWithLive(place: Place, restoring: Restoring): Promise<readonly Json[] | null> {
  if (!hasRole(restoring, 'compare')) return null;
  const { record, effects } = restoring;
  const startedAt = effects.now();
  const call = { runbook: providerRole(restoring, 'compare'), inputs: placeInputs(place), inventory: place.inventory };
  const compared = await timed('compare', { steps: record.steps, effects }, () =>
    askRole(call, { differences: 'list' }, restoring),
  );
  const differences = compared.ok ? compared.told.differences : null;
  const reason = compared.ok ? '' : compared.reason;
  note(restoring, 'backup.step', { what: 'compared', startedAt, detail: { differences, reason } });
  return differences;
}
