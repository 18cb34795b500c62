import { answerDesk } from '../../../workflows/approvals/desk-answer';
import { openDesk } from '../../../workflows/approvals/desk';
import type { DeskContext, DeskOpening, DeskState } from '../../../workflows/approvals/desk-state';
import type { Delegation } from '../../../workflows/domain/approval-electorate';
import type { ApprovalEvent } from '../../../workflows/domain/approval-event';
import type { ApprovalFacts } from '../../../workflows/domain/approval-candidate';
import type { JournalPayloads } from '../../../workflows/domain/journal';
import type { Answer, AnswerResult, Task } from '../../../workflows/domain/task';
import type { Effects, Lookups } from '../../../workflows/effects';
import { timingOf, VirtualClock } from '../../../workflows/rehearsal/clock';
import type { Part } from '../../../workflows/rehearsal/clock';
import { hourMs, level, request } from '../domain/approval-given';
import { noOperations } from '../../../workflows/rehearsal/operations';

export { hourMs };

export const facts: ApprovalFacts = {
  type: 'normal',
  risk: 'moderate',
  requester: 'user/rita',
  runbook: 'upgrade',
  owner: 'team/web',
  items: [],
  inputs: {},
  labels: {},
};

/** Two of the board of four, asked by Rita, carried out by Ivan. */
export const board = request([level('board', { mode: 'n', n: 2 })], {
  id: 'c1',
  requester: 'user/rita',
  implementers: ['user/ivan'],
});

/** Who is who; changed by tests while time passes. */
export interface People {
  /** Members by slot. */
  slots: { [slot: string]: string };
  delegations: Delegation[];
  managers: { [person: string]: string };
  inactive: string[];
}

/** One desk in a process of its own on the virtual clock. */
export class DeskStage {
  readonly clock = new VirtualClock(0);
  readonly journal: {
    readonly at: number;
    readonly kind: string;
    readonly payload: unknown;
    readonly actor: string;
  }[] = [];
  readonly people: People = {
    slots: { board: 'anna ben cem dora' },
    delegations: [],
    managers: {},
    inactive: [],
  };
  /** What happens each time just before the journal is written. */
  onFlush: () => unknown = () => {};
  looks = 0;
  #tasks = 0;
  #answers = 0;
  #last: Promise<unknown> = Promise.resolve();

  context(part: Part = { parent: null, shielded: true, cancelled: false }): DeskContext {
    return {
      effects: this.#effects(part),
      nextTaskId: () => `c1-${(this.#tasks += 1)}`,
    };
  }

  async open(over: Partial<DeskOpening> = {}): Promise<DeskState> {
    const opened = await openDesk(openingOf(over), this.context());
    if (!opened.opened) throw new Error(`${opened.code}: ${opened.reason}`);
    return opened.desk;
  }

  /** Runs to the end of the body; time passes only when nothing is left to do. */
  play<T>(body: (here: DeskContext) => Promise<T>): Promise<T> {
    return this.clock.run((part) => body(this.context(part)));
  }

  at(hours: number, happens: () => unknown): void {
    this.clock.at(hours * hourMs, () => {
      this.#last = this.#last.then(async () => happens());
    });
  }

  /** `anna`, `anna:reject`, `ben>anna` (for anna), to the first open task, or to that of a slot. */
  answer(
    desk: DeskState,
    text: string,
    over: Partial<Answer> & { readonly slot?: string } = {},
  ): Promise<AnswerResult> {
    const { slot, ...rest } = over;
    return answerDesk(desk, this.answerOf(desk, text, { slot, ...rest }), this.context());
  }

  answerOf(desk: DeskState, text: string, over: Partial<Answer> & { readonly slot?: string | undefined } = {}): Answer {
    const { slot, ...rest } = over;
    const [who = '', choice = 'approve'] = text.split(':');
    const [actor = '', of] = who.split('>');
    const open = desk.tasks.filter((task) => task.closed === null && (slot === undefined || task.slot === slot));
    this.#answers += 1;
    return {
      taskId: (open[0] ?? desk.tasks.at(-1))?.task.id ?? '',
      id: `a${this.#answers}`,
      actor: `user/${actor}`,
      via: 'cli',
      choice,
      comment: '',
      form: null,
      ...(of === undefined ? {} : { onBehalfOf: `user/${of}` }),
      ...rest,
    };
  }

  /** In order, without `approval.`. */
  events(): readonly ApprovalEvent[] {
    return this.payloads('approval.event').map(({ event }) => event);
  }

  kinds(): readonly string[] {
    return this.events().map(({ kind }) => kind.replace('approval.', ''));
  }

  tasks(): readonly Task[] {
    return this.payloads('task.opened');
  }

  payloads<K extends keyof JournalPayloads>(kind: K): readonly JournalPayloads[K][] {
    return this.journal.filter((entry) => isOf(entry, kind)).map(({ payload }) => payload);
  }

  #effects(part: Part): Effects {
    const refuse = (): never => {
      throw new Error('Cannot do that: a desk only asks people');
    };
    return {
      ...timingOf(this.clock, part, (inner) => this.#effects(inner)),
      ...noOperations,
      random: () => 0.5,
      perform: refuse,
      cancelJobs: refuse,
      startRun: refuse,
      steer: refuse,
      report: refuse,
      wake: refuse,
      lookUp: (question, asked) => this.#lookUp(question, asked),
      record: (entry) => {
        this.journal.push({ at: this.clock.now, actor: 'engine', ...entry });
      },
      flush: async () => {
        await this.onFlush();
      },
      version: () => true,
    };
  }

  async #lookUp<Q extends keyof Lookups>(question: Q, asked: Lookups[Q]['asked']): Promise<Lookups[Q]['answer']> {
    const answers = {
      electorate: (of: Lookups['electorate']['asked']) => this.#electorate(of),
      digest: ({ value }: Lookups['digest']['asked']) => ({ digest: JSON.stringify(value) }),
    };
    const found: unknown = Object.hasOwn(answers, question) ? Reflect.get(answers, question) : undefined;
    if (!isAnswering<Q>(found)) throw new Error(`Cannot look up ${question}`);
    return found(asked);
  }

  #electorate({ slots, people }: Lookups['electorate']['asked']): Lookups['electorate']['answer'] {
    this.looks += 1;
    const { inactive, delegations, managers } = this.people;
    const membersOf = (slot: string): readonly string[] =>
      (this.people.slots[slot] ?? '')
        .split(' ')
        .filter(Boolean)
        .map((name) => `user/${name}`);
    const there = new Set([...people, ...slots.flatMap(({ id }) => membersOf(id))]);
    return {
      slots: Object.fromEntries(
        slots.map(({ id }) => [id, membersOf(id).filter((person) => !inactive.includes(person))] as const),
      ),
      delegations: delegations.filter(({ to }) => !inactive.includes(to)),
      managers,
      inactive: inactive.filter((person) => there.has(person)),
      problems: [],
    };
  }
}

export function openingOf(over: Partial<DeskOpening> = {}): DeskOpening {
  return {
    request: board,
    path: 'approval',
    title: 'Go on?',
    show: {},
    facts,
    respondBy: null,
    onDue: null,
    ...over,
  };
}

function isOf<K extends keyof JournalPayloads>(
  entry: { readonly kind: string; readonly payload: unknown },
  kind: K,
): entry is { at: number; kind: K; actor: string; payload: JournalPayloads[K] } {
  return entry.kind === kind;
}

function isAnswering<Q extends keyof Lookups>(
  found: unknown,
): found is (asked: Lookups[Q]['asked']) => Lookups[Q]['answer'] {
  return typeof found === 'function';
}
