import { canonicalJson } from '../domain/canonical-json';
import { evaluateExpression } from '../domain/expression';
import type { Json } from '../domain/json';
import type { Lookups } from '../effects';
import type { HeldLocks } from '../runbook/state';
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

export function surroundingsOf(world: ScriptedWorld): Surroundings {
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
    calendarDue: ({ from, days }) => ({ at: from + days * dayMs }),
    digest: ({ value }) => ({ digest: `text:${fingerprint(canonicalJson(value))}` }),
    ...lockAnswers(granted),
    saveState: ({ runId, state }) => {
      const digest = `state:${runId}:${stored.size}`;
      stored.set(digest, state);
      return { digest };
    },
    loadState: ({ digest }) => ({ state: stored.get(digest) ?? null }),
  };
  return { granted, lookUp: async (question, asked) => answers[question](asked) };
}

/** Short, and the same for equal text; nobody relies on it outside of a rehearsal. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
