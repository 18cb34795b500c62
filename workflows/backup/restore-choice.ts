import { chooseRestorePoint } from '../domain/restore-point';
import type { RestoreChoice } from '../domain/restore-point';
import { secondMs } from '../domain/duration';
import type { JsonObject } from '../domain/json';
import { asJson, note } from './here';
import type { Here } from './here';
import { knownSets } from './looking';
import type { KnownSet, OperationWork } from './messages';
import { hasRole, providerRole } from './provider';
import { askRole } from './role-outputs';

export type RestoreWork = Extract<OperationWork, { kind: 'restore' }>;

/** What is restored, and to which point. */
export interface RestoreChosen {
  readonly set: KnownSet;
  /** As the provider is asked for it: 0 where there is no log to be replayed. */
  readonly targetMs: number;
  readonly recoversToMs: number;
  readonly loss: string;
  /** Why it would not have been chosen by itself; empty: nothing speaks against it. */
  readonly problem: string;
  /** Null: none was kept, and nothing can be compared with it. */
  readonly manifest: JsonObject | null;
}

export type RestoreSelection =
  | { readonly ok: true; readonly chosen: RestoreChosen }
  | { readonly ok: false; readonly set: string | null; readonly reason: string };

/** R-DRILL-2: the target lies in what can be recovered to, or nothing is restored. */
export async function chooseRestore(work: RestoreWork, here: Here): Promise<RestoreSelection> {
  const { effects } = here;
  const startedAt = effects.now();
  if (work.over && !hasRole(here, 'swap'))
    return refused(null, `Cannot restore over what is live: provider "${here.input.plan.provider}" has no swap`);
  const sets = await knownSets(here);
  const archivedUntilMs = await archivedUntil(here);
  const choice = chooseRestorePoint({ sets, archivedUntilMs }, work, effects.now());
  note(here, 'backup.step', { what: 'selected', startedAt, detail: detailOf(choice, archivedUntilMs) });
  if (choice.kind === 'none') return refused(work.set, `${choice.reason}${availableText(sets)}`);
  const { point, recoversToMs, loss } = choice;
  const set = sets.find(({ id }) => id === point.id);
  if (set === undefined) return refused(work.set, `Cannot restore backup "${point.id}": it is not there`);
  const { manifest } = await effects.lookUp('backupManifest', { set: set.id });
  const targetMs = archivedUntilMs === null ? 0 : work.targetMs;
  return { ok: true, chosen: { set, targetMs, recoversToMs, loss: loss.text, problem: point.problem, manifest } };
}

/**
 * Up to where the log is archived; null: there is no log. Where the server that is to be restored cannot be asked any more, it is the tool
 * that says how far it comes.
 */
async function archivedUntil(here: Here): Promise<number | null> {
  if (!hasRole(here, 'replay')) return null;
  const call = { runbook: providerRole(here, 'preflight'), inputs: {} };
  const answer = await askRole(call, { lagSeconds: 'number' }, here);
  if (!answer.ok) return here.effects.now();
  const { lagSeconds } = answer.told;
  return lagSeconds < 0 ? null : here.effects.now() - lagSeconds * secondMs;
}

function detailOf(choice: RestoreChoice, archivedUntilMs: number | null): JsonObject {
  const { kind, ...told } = choice;
  return { kind, archivedUntilMs, told: asJson(told) };
}

const mostNamed = 5;

function availableText(sets: readonly KnownSet[]): string {
  const usable = sets.filter(({ broken, owned }) => broken === '' && owned).toSorted((a, b) => b.atMs - a.atMs);
  const named = usable.slice(0, mostNamed).map(({ id, atMs }) => `${id} of ${new Date(atMs).toISOString()}`);
  const more = usable.length > mostNamed ? ` and ${usable.length - mostNamed} more` : '';
  return named.length === 0 ? '' : `; there are ${named.join(', ')}${more}`;
}

function refused(set: string | null, reason: string): RestoreSelection {
  return { ok: false, set, reason };
}
