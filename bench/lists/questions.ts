import type { RunFilter, Store } from '../../platform/store/store';
import { definitionCount, hostCount, peopleCount, requesterCount, yearMs, yearStartMs } from './rows';

/** One thing that people ask of lists, each time with other values: some that nearly everything has, some that hardly anything has. */
export interface Question {
  readonly name: string;
  readonly targetMs: number;
  readonly ask: (store: Store, turn: Turn) => Promise<unknown>;
}

interface Turn {
  readonly round: number;
  /** Of all services, those with the most runs first. */
  readonly scopeIds: readonly number[];
}

const listTargetMs = 300;
const searchTargetMs = 500;
const mineTargetMs = 100;
const monthMs = yearMs / 12;
const page = 51;

export function questions(runs: number): readonly Question[] {
  return [...narrowings(runs), ...searches(runs), ...counts, ...inboxes];
}

function narrowings(runs: number): readonly Question[] {
  return [
    list('the newest runs', () => ({})),
    list('runs by state', ({ round }) => ({
      state: oneOf(round, ['running', 'waiting', 'paused', 'closed', 'pending']),
    })),
    list('runs by outcome', ({ round }) => ({
      outcome: oneOf(round, ['failed', 'cancelled', 'undo-failed', 'succeeded', 'undone']),
    })),
    list('runs by runbook', ({ round }) => ({ definition: definition(round) })),
    list('runs by requester', ({ round }) => ({ requester: requester(round) })),
    list('runs by runbook, requester and outcome', ({ round }) => ({
      definition: definition(round),
      requester: requester(round * 3),
      outcome: oneOf(round, ['failed', 'succeeded', 'undo-failed']),
    })),
    list('runs by label', ({ round }) => ({ labels: [label(round)] })),
    list('failed runs by label', ({ round }) => ({ labels: [label(round)], outcome: 'failed' })),
    list('parts of a run', ({ round }) => ({ parent: `r${1 + ((round * 40_009) % runs)}` })),
    list('runs of one month', ({ round }) => month(round)),
    list('failed runs of one month', ({ round }) => ({ ...month(round), outcome: 'undo-failed' })),
    list('runs of the scopes of one team', ({ round, scopeIds }) => ({ scopeIds: someOf(scopeIds, round) })),
    list('failed runs of the scopes of one team', ({ round, scopeIds }) => ({
      scopeIds: someOf(scopeIds, round),
      outcome: 'failed',
    })),
    list('pages deep in the list', ({ round }) => ({ before: Math.floor((runs * (rounds - round)) / rounds) })),
    list('pages deep in the failed runs', ({ round }) => ({
      before: Math.floor((runs * (rounds - round)) / rounds),
      outcome: 'failed',
    })),
  ];
}

function searches(runs: number): readonly Question[] {
  return [
    search('a search for one host', ({ round }) => `web${(round * 83) % hostCount}`),
    search('a search for a host of the plan', ({ round }) => `node-${(round * 83) % hostCount}`),
    search('a search for a host of the plan and a word', ({ round }) => `node-${(round * 7) % hostCount} procedure`),
    search('a search for the beginning of every host', () => 'node'),
    search('a search for a ticket', ({ round }) => `INC${1 + ((round * 15_013) % runs)}`),
    search('a search for what all have', ({ round }) => oneOf(round, ['runbook', 'agreed', 'pers', 'service'])),
    search('a search for two words', ({ round }) => `runbook-${round % definitionCount} web${(round * 7) % hostCount}`),
    search('a search for what nothing has', ({ round }) => `nothing${round}`),
    {
      name: 'a search among the failed runs of one team',
      targetMs: searchTargetMs,
      ask: ({ views }, { round, scopeIds }) =>
        views.runs({
          text: `procedure ${round % 20}`,
          outcome: 'failed',
          scopeIds: someOf(scopeIds, round),
          limit: page,
        }),
    },
  ];
}

const states = ['pending', 'running', 'waiting', 'paused', 'closed'] as const;

const counts: readonly Question[] = [
  {
    name: 'how many runs are in each state',
    targetMs: listTargetMs,
    ask: ({ views }) => Promise.all(states.map((state) => views.countRuns({ state, upTo: 1_001 }))),
  },
];

const inboxes: readonly Question[] = [
  {
    name: 'the tasks of one person and their teams, of 100,000',
    targetMs: mineTargetMs,
    ask: ({ views }, { round }) => views.tasksAskedOf({ principals: principals(round), at: Date.now(), limit: 100 }),
  },
  {
    name: 'the same in the scopes of one team',
    targetMs: mineTargetMs,
    ask: ({ views }, { round, scopeIds }) =>
      views.tasksAskedOf({
        principals: principals(round),
        scopeIds: someOf(scopeIds, round),
        at: Date.now(),
        limit: 100,
      }),
  },
];

const rounds = 60;

function list(name: string, filterOf: (turn: Turn) => Omit<RunFilter, 'limit'>): Question {
  return { name, targetMs: listTargetMs, ask: ({ views }, turn) => views.runs({ ...filterOf(turn), limit: page }) };
}

function search(name: string, textOf: (turn: Turn) => string): Question {
  return {
    name,
    targetMs: searchTargetMs,
    ask: ({ views }, turn) => views.runs({ text: textOf(turn), limit: page }),
  };
}

function oneOf<T>(round: number, values: readonly [T, ...T[]]): T {
  return values[round % values.length] ?? values[0];
}

function definition(round: number): string {
  return `team/runbook-${(round * 7) % definitionCount}`;
}

function requester(round: number): string {
  return `user/person-${(round * 11) % requesterCount}`;
}

function label(round: number): { readonly name: string; readonly value: string } {
  return round % 2 === 0
    ? { name: 'environment', value: oneOf(round / 2, ['production', 'test']) }
    : { name: 'service', value: `service-${round % 20}` };
}

function month(round: number): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = yearStartMs + (round % 12) * monthMs;
  return { fromMs, toMs: fromMs + monthMs };
}

/** From a single rare one to nearly all. */
function someOf(scopeIds: readonly number[], round: number): readonly number[] {
  return round % 2 === 0 ? scopeIds.slice(-1 - (round % 5)) : scopeIds.slice(0, 1 + (round % 38));
}

function principals(round: number): readonly string[] {
  return [`user/person-${(round * 13) % peopleCount}`, `team/team-${round % 100}`, `team/team-${(round + 7) % 100}`];
}
