import type { Json, JsonObject } from '../../../workflows/domain/json';
import { drill } from '../../../workflows/backup/drill';
import { within } from '../../../workflows/backup/here';
import type { Here } from '../../../workflows/backup/here';
import type { DrillInForce, KnownSet, OperationWork, PlanInForce } from '../../../workflows/backup/messages';
import type { Ended } from '../../../workflows/backup/operation';
import { Bed, knownSet, operationInput, planInForce, start } from './bed';
import type { BedOptions, RoleScript } from './bed';

export type Roles = BedOptions['roles'];

export const dayMs = 86_400_000;

/** A world in which everything goes well: whatever a test is about is said beside it. */
export function soundRoles(over: Roles = {}): Roles {
  return {
    'place/open': ({ label, parent }) => ({
      outputs: {
        opened: true,
        reason: '',
        directory: `${textOf(parent)}/${textOf(label)}`,
        network: `ms-${textOf(label)}`,
        fingerprint: 'drill1 machine-1',
      },
    }),
    'place/close': () => ({ outputs: { leftovers: [], sunk: 2, escaped: 0 } }),
    'place/sweep': () => ({ outputs: { labels: [] } }),
    'restic/restore': () => restored(),
    'restic/replay': () => replayed(),
    'restic/assert': () => asserted(),
    'restic/destroy': () => ({ outputs: { leftovers: [] } }),
    ...over,
  };
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Called for a place in which something was broken on purpose. */
export function isMutated({ label }: JsonObject): boolean {
  return textOf(label).includes('m');
}

export function restored(over: JsonObject = {}): RoleScript {
  const outputs = { restored: true, fault: '', reason: '', path: '/p/data', bytes: 10, earliestMs: 0, latestMs: 0 };
  return { outputs: { ...outputs, ...over }, takesMs: 60_000 };
}

/** Told by the clock of the host, which runs like ours. */
export function replayed(over: JsonObject = {}): RoleScript {
  const outputs = {
    started: true,
    fault: '',
    reason: '',
    reachedMs: 0,
    endedAtTarget: true,
    // Opening takes a second, restoring a minute; it answers ten seconds later, and is healthy two seconds after that.
    answeringAtMs: start + 71_000,
    healthyAtMs: start + 73_000,
  };
  return { outputs: { ...outputs, ...over }, takesMs: 20_000 };
}

export function result(name: string, over: JsonObject = {}): JsonObject {
  return { name, level: 'V5', ok: true, detail: 'as it should be', ...over };
}

export function asserted(results: readonly JsonObject[] = [result('rows')], heartbeatAtMs = 0): RoleScript {
  return { outputs: { results: [...results], heartbeatAtMs }, takesMs: 5_000 };
}

export interface DrillGiven {
  readonly roles?: Roles;
  readonly sets?: readonly KnownSet[];
  readonly manifests?: { readonly [set: string]: JsonObject };
  readonly policy?: Partial<DrillInForce>;
  readonly plan?: Partial<PlanInForce>;
  readonly work?: Partial<Extract<OperationWork, { kind: 'drill' }>>;
  readonly lookups?: NonNullable<BedOptions['lookups']>;
  /** From the start. */
  readonly calledOffAfterMs?: number;
}

export interface Drilled {
  readonly bed: Bed;
  readonly ended: Ended;
}

export async function playDrill(given: DrillGiven = {}): Promise<Drilled> {
  const { roles, sets = [knownSet()], manifests, policy, plan, work, lookups, calledOffAfterMs } = given;
  const usual = Object.fromEntries(sets.map(({ id }) => [id, { takenAtMs: 1, counts: { orders: 3 } }]));
  const bed = new Bed({
    roles: soundRoles(roles),
    sets,
    manifests: manifests ?? usual,
    ...(lookups === undefined ? {} : { lookups }),
  });
  const base = planInForce(plan);
  const inForce = { ...base, drill: base.drill === null ? null : { ...base.drill, ...policy } };
  const wanted: OperationWork = {
    kind: 'drill',
    select: { how: 'latest' },
    seed: 7,
    targetMs: 0,
    slotMs: null,
    late: false,
    ...work,
  };
  if (calledOffAfterMs !== undefined) bed.callOffAt(start + calledOffAfterMs, 'a real incident');
  const ended = await bed.play(operationInput(wanted, inForce), (here) => interruptibly(here, drill));
  return { bed, ended };
}

/** As the operation does it: called off, the part in which it goes on is cancelled. */
export async function interruptibly(here: Here, procedure: (here: Here) => Promise<Ended>): Promise<Ended> {
  const outcome: { ended: Ended | null } = { ended: null };
  await here.effects.race<unknown>([
    async (inner) => {
      outcome.ended = await procedure(within(here, inner));
    },
    (inner) => inner.waitFor(() => here.state.calledOff !== null),
  ]);
  if (outcome.ended === null) throw new Error('Cannot tell how it ended: it said nothing');
  return outcome.ended;
}

/** Labels of places that somebody began to open, and of those that were closed to their end. */
export function places({ called }: Bed): { readonly opened: readonly string[]; readonly closed: readonly string[] } {
  const labels = (runbook: string): readonly string[] => [
    ...new Set(
      called
        .filter((call) => call.runbook === runbook && (runbook === 'place/open' || !call.cancelled))
        .map(({ inputs }) => textOf(inputs['label'])),
    ),
  ];
  return { opened: labels('place/open'), closed: labels('place/close') };
}
