import type { JsonObject } from '../domain/json';
import type { ChildRun } from '../runbook/messages';
import type { Here } from './here';

/** One role of the plan's provider, a role of a place, or a hook. `inputs` go before what every role is given. */
export interface RoleCall {
  /** Full name of the runbook: see `providerRole` and `placeRole`. */
  readonly runbook: string;
  readonly inputs: JsonObject;
  /** Absent: that of the plan. */
  readonly inventory?: string | null;
}

/** `ok` false: what is around it failed, which says nothing about the backup. */
export type RoleAnswer =
  | { readonly ok: true; readonly run: ChildRun; readonly outputs: JsonObject }
  | { readonly ok: false; readonly run: ChildRun | null; readonly reason: string };

export function providerRole({ input }: Here, role: string): string {
  return `backup/${input.plan.provider}/${role}`;
}

export function hasRole({ input }: Here, role: string): boolean {
  return input.plan.roles.includes(role);
}

export function placeRole(role: 'open' | 'close' | 'sweep'): string {
  return `backup/place/${role}`;
}

/** Plans the runbook with its inputs and carries it out as a run of its own, with its own audit history. */
export async function callRole({ runbook, inputs, inventory }: RoleCall, here: Here): Promise<RoleAnswer> {
  const { input, state, effects } = here;
  const { operation, plan } = input;
  state.counters.calls += 1;
  const call = state.counters.calls;
  const planned = await effects.lookUp('planProvider', {
    operationId: operation.id,
    requester: operation.requester,
    owner: plan.owner,
    runbook,
    inventory: inventory === undefined ? plan.inventory : inventory,
    inputs: { ...givenToAll(here), ...inputs },
  });
  if ('problems' in planned)
    return { ok: false, run: null, reason: planned.problems.map(({ message }) => message).join('; ') };
  const { program, ...ownPlan } = planned;
  const { digest } = await effects.lookUp('digest', { value: [operation.id, call] });
  const run: ChildRun = {
    path: `${call}.${runbook}`,
    childId: `r${digest.slice(0, 12)}`,
    program,
    inputs: {},
    undo: false,
    plan: ownPlan,
  };
  const { outcome, outputs, error } = await effects.startRun(run);
  if (outcome === 'succeeded') return { ok: true, run, outputs };
  const { text } = await effects.lookUp('lastWords', { runId: run.childId });
  const why = [...(error === null ? [] : [error.message]), ...(text === '' ? [] : [text])].join(': ');
  return { ok: false, run, reason: `run ${run.childId} ${outcome}${why === '' ? '' : `: ${why}`}` };
}

/** Takes back what a role has changed: its run is undone. Null: done; else why not. */
export async function undoRole(run: ChildRun, { effects }: Here): Promise<string | null> {
  const { outcome, error } = await effects.startRun({ ...run, undo: true });
  return outcome === 'undone' ? null : `run ${run.childId} ${outcome}${error === null ? '' : `: ${error.message}`}`;
}

function givenToAll({ input }: Here): JsonObject {
  const { plan } = input;
  const { primary } = plan.repositories;
  return {
    ...plan.with,
    host: plan.host,
    service: plan.service,
    source: [...plan.source],
    repository: primary.location,
    ...(primary.password === null ? {} : { password: primary.password }),
  };
}
