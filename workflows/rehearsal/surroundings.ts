import { canonicalJson } from '../domain/canonical-json';
import type { ResolvedCalendar } from '../domain/calendar';
import { evaluateExpression } from '../domain/expression';
import type { Json } from '../domain/json';
import type { Lookups } from '../effects';
import type { HeldLocks } from '../runbook/state';
import { scriptedElectorate } from './electorate';
import { lockAnswers } from './lock-answers';
import type { ScriptedWorld } from './world';

/** Who may answer, what is locked, and what was stored, without any store. */
export interface Surroundings {
  /** Every grant, in order. */
  readonly granted: readonly HeldLocks[];
  lookUp<Q extends keyof Lookups>(question: Q, asked: Lookups[Q]['asked']): Promise<Lookups[Q]['answer']>;
}

type Answers = { readonly [Q in keyof Lookups]: (asked: Lookups[Q]['asked']) => Lookups[Q]['answer'] };

const dayMs = 24 * 60 * 60 * 1000;

/** `people`: whoever answers something. */
export function surroundingsOf(world: ScriptedWorld, people: readonly string[] = []): Surroundings {
  const stored = new Map<string, Json>();
  const granted: HeldLocks[] = [];
  const hostsOf = (set: string): readonly { readonly name: string }[] => world.script.hosts[set] ?? [];
  const answers: Answers = {
    eligibility: ({ actor, candidates, requester, excludeRequester }) => {
      if (excludeRequester && actor === requester)
        return { eligible: false, reason: `Cannot answer as "${actor}": the requester may not` };
      // Members of teams are not part of a plan: a rehearsal trusts its own script.
      const eligible = candidates.includes(actor) || candidates.some((candidate) => candidate.startsWith('team/'));
      return { eligible, reason: eligible ? '' : `Cannot answer as "${actor}": asked are ${candidates.join(', ')}` };
    },
    electorate: (asked) => scriptedElectorate({ people, left: [] }, asked),
    aggregate: ({ expression, scope }) => {
      const result = evaluateExpression(expression, world.withHosts(expression, scope));
      return result.ok ? { value: result.value } : { error: result.failure.message };
    },
    hostNames: ({ set, indices }) => ({ names: indices.map((index) => hostsOf(set)[index]?.name ?? `host ${index}`) }),
    hostIndices: ({ set, names }) => {
      const known = new Map(hostsOf(set).map(({ name }, index) => [name, index]));
      const indices = names.flatMap((name) => known.get(name) ?? []);
      return { indices, missing: names.filter((name) => !known.has(name)) };
    },
    hostLocks: ({ set, indices, at }) => ({
      names: indices.flatMap((index) => world.script.hosts[set]?.[index]?.steps[at]?.locks ?? []),
    }),
    calendars: (asked) => scriptedCalendars(world.script.calendars ?? [], asked),
    calendarDue: ({ from, days }) => ({ at: from + days * dayMs }),
    digest: ({ value }) => ({ digest: `text:${fingerprint(canonicalJson(value))}` }),
    ...lockAnswers(granted, (set) => world.script.hosts[set] ?? []),
    saveState: ({ runId, state }) => {
      const digest = `state:${runId}:${stored.size}`;
      stored.set(digest, state);
      return { digest };
    },
    loadState: ({ digest }) => ({ state: stored.get(digest) ?? null }),
    ...onlyProcessesAsk,
  };
  return { granted, lookUp: async (question, asked) => answers[question](asked) };
}

function notAsked(): never {
  throw new Error('Cannot rehearse a run: it asked what only a change or a backup asks');
}

const onlyProcessesAsk = {
  planChange: notAsked,
  removedHosts: notAsked,
  loadProgram: notAsked,
  changeConflicts: notAsked,
  freeItems: notAsked,
  draftReview: notAsked,
  backupPlan: notAsked,
  backupSlots: notAsked,
  planProvider: notAsked,
  backupSets: notAsked,
  backupManifest: notAsked,
  lastWords: notAsked,
  retentionPlan: notAsked,
  operationsEnded: notAsked,
  drillHistory: notAsked,
};

/** Of a name with a version the newest is taken. Where a calendar is not resolved any further, a rehearsal must come to its end. */
function scriptedCalendars(
  known: readonly ResolvedCalendar[],
  { names, fromMs }: Lookups['calendars']['asked'],
): Lookups['calendars']['answer'] {
  const found = names.map((name) => {
    const calendar = known.find((candidate) => candidate.name === name.split('@')[0]);
    return { name, calendar: calendar !== undefined && calendar.horizon.endMs > fromMs ? calendar : null };
  });
  return {
    calendars: found.flatMap(({ name, calendar }) => (calendar === null ? [] : [{ ...calendar, name }])),
    missing: found.filter(({ calendar }) => calendar === null).map(({ name }) => name),
  };
}

/** Short, and the same for equal text; nobody relies on it outside of a rehearsal. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
