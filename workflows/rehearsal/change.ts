import type { ResolvedCalendar } from '../domain/calendar';
import { handleAct, handleAnswer, receiveReport, receiveSurroundings } from '../change/inbox';
import type { Here } from '../change/here';
import { initialState } from '../change/initial-state';
import type { ChangeAction, ChangeInput, ChangeResult, ConflictAnswer, PlannedForChange } from '../change/messages';
import { changeProcedure } from '../change/procedure';
import { restoredState } from '../change/restored-state';
import type { ChangeDraft } from '../change/schema';
import type { ChangeState } from '../change/state';
import { asJson } from '../change/facts';
import { isInterruption } from '../effects';
import type { AnyJournalEntry, Effects, Lookups } from '../effects';
import type { Bound } from '../runbook/messages';
import type { PlanHost, Program } from '../runbook/plan';
import { initialState as initialRun } from '../runbook/state';
import { handleControl } from '../runbook/inbox';
import { playChild } from './binding';
import type { Stage } from './binding';
import { timingOf, VirtualClock } from './clock';
import type { Part } from './clock';
import { scriptedElectorate } from './electorate';
import { noOperations } from './operations';
import { ScriptedPeople } from './people';
import type { Answering } from './people';
import type { Outcome, ScriptedAnswer } from './schema';
import { surroundingsOf } from './surroundings';
import { timelineOf } from './timeline';
import type { TimelineEntry } from './timeline';
import { ScriptedWorld } from './world';
import type { Applied } from './world';

/** What happens around a change, at instants (epoch ms). */
export interface ChangeHappening {
  readonly at: number;
  readonly what:
    | ({ readonly kind: 'act'; readonly by: string } & { readonly act: ChangeAction })
    /** From here on this person is not active (R-APPR-4). */
    | { readonly kind: 'leaves'; readonly person: string }
    /** From here on this host is not in the inventory. */
    | { readonly kind: 'removed'; readonly host: string }
    /** From here on the calendars are these: a freeze is declared, or lifted. */
    | { readonly kind: 'calendars'; readonly calendars: readonly ResolvedCalendar[] }
    /** From here on planning gives this. */
    | { readonly kind: 'planned'; readonly planned: PlannedForChange }
    /** From here on looking for conflicts gives this. */
    | { readonly kind: 'conflicts'; readonly answer: ConflictAnswer }
    /** The engine is down until then. */
    | { readonly kind: 'down'; readonly until: number };
}

export interface ChangeRehearsalRequest {
  readonly start: number;
  readonly requester: string;
  readonly draft: ChangeDraft;
  readonly planned: PlannedForChange;
  readonly program: Program;
  readonly hosts: { readonly [set: string]: readonly PlanHost[] };
  readonly outcomes: readonly Outcome[];
  readonly answers: readonly ScriptedAnswer[];
  readonly happenings: readonly ChangeHappening[];
  readonly calendars?: readonly ResolvedCalendar[];
  /** Who is whose manager. */
  readonly managers?: { readonly [person: string]: string };
  readonly conflicts?: ConflictAnswer;
  /** Interrupt at these checkpoints and enter again, as a continue-as-new would. */
  readonly suspendAt?: (checkpoint: number) => boolean;
}

export interface ChangeRehearsalResult {
  readonly result: ChangeResult | null;
  readonly state: ChangeState;
  readonly timeline: readonly TimelineEntry[];
  readonly journal: readonly AnyJournalEntry[];
  readonly applied: readonly Applied[];
  /** What acts were answered, by their index among the happenings. */
  readonly replies: ReadonlyMap<number, Awaited<ReturnType<typeof handleAct>>>;
  readonly problems: readonly string[];
  readonly endedAt: number;
}

/** Nobody waits longer for an answer that the script does not have. */
const longestMs = 100 * 24 * 60 * 60 * 1000;

const clear: ConflictAnswer = { verdict: 'clear', conflicts: [], total: 0, lines: [], heldBy: [] };

/** What the change looks up, as it is at this instant. */
interface Around {
  planned: PlannedForChange;
  calendars: readonly ResolvedCalendar[];
  conflicts: ConflictAnswer;
  readonly left: Set<string>;
  readonly removed: Set<string>;
  readonly managers: { readonly [person: string]: string };
}

/** Plays a change on the virtual clock with the procedure that also runs in production, its run included. */
export async function rehearseChange(request: ChangeRehearsalRequest): Promise<ChangeRehearsalResult> {
  const stage = stageOf(request);
  const input: ChangeInput = {
    change: {
      installation: 'rehearsal',
      id: 'crehearsal',
      number: 1,
      requester: request.requester,
      createdAt: request.start,
    },
    draft: request.draft,
  };
  const around: Around = {
    planned: request.planned,
    calendars: request.calendars ?? [],
    conflicts: request.conflicts ?? clear,
    left: new Set(),
    removed: new Set(),
    managers: request.managers ?? {},
  };
  const play: Play = { stage, request, input, around, state: initialState(request.draft), replies: new Map() };
  stage.hearers.set(input.change.id, (report) => receiveReport(reached(play), report));
  for (const [index, happening] of request.happenings.entries()) schedule(play, happening, index);
  const problems: string[] = [];
  const result = await playToEnd(play, problems);
  return {
    result,
    state: play.state,
    timeline: timelineOf(stage.journal, { start: request.start, undone: stage.undone }),
    journal: stage.journal,
    applied: [...stage.world.applied.values()],
    replies: play.replies,
    problems: [...problems, ...new Set(stage.world.problems)],
    endedAt: stage.clock.now,
  };
}

interface Play {
  readonly stage: Stage;
  readonly request: ChangeRehearsalRequest;
  readonly input: ChangeInput;
  readonly around: Around;
  state: ChangeState;
  readonly replies: Map<number, Awaited<ReturnType<typeof handleAct>>>;
}

function stageOf({ start, program, hosts, outcomes, answers, requester, suspendAt }: ChangeRehearsalRequest): Stage {
  const clock = new VirtualClock(start, suspendAt, start + longestMs);
  const world = new ScriptedWorld({ program, hosts, outcomes }, clock);
  let seed = 1;
  return {
    clock,
    world,
    people: new ScriptedPeople(answers, clock),
    // What children share with their parent, which is no run here.
    root: { input: { ...boundOf('crehearsal', requester, start), program, lateInputs: {} }, state: initialRun(start) },
    surroundings: surroundingsOf(
      world,
      answers.map(({ by }) => by),
    ),
    journal: [],
    undoing: new Map(),
    undone: new Map(),
    reachable: new Map(),
    hearers: new Map(),
    children: new Map(),
    endedWith: new Map(),
    random() {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed / 0x80000000;
    },
  };
}

function boundOf(id: string, requester: string, createdAt: number): Bound {
  return {
    run: { installation: 'rehearsal', id, number: 1, requester, createdAt, parent: null },
    planHash: '',
    planDigest: '',
    targetCounts: {},
    check: false,
  };
}

async function playToEnd(play: Play, problems: string[]): Promise<ChangeResult | null> {
  for (;;) {
    try {
      return await play.stage.clock.run((part) => changeProcedure(play.input, play.state, bindChange(play, part)));
    } catch (error) {
      if (!isInterruption(error)) {
        problems.push(`${error instanceof Error ? error.message : String(error)} (the change is ${play.state.phase})`);
        return null;
      }
      play.state = restoredState(asJson(play.state));
    }
  }
}

/** As a message finds it. */
function reached(play: Play): Here {
  return {
    input: play.input,
    state: play.state,
    effects: bindChange(play, { parent: null, shielded: true, cancelled: false }),
  };
}

function bindChange(play: Play, part: Part): Effects {
  const { stage } = play;
  const { clock, journal, root } = stage;
  const answers = changeAnswers(play);
  const effects: Effects = {
    ...timingOf(clock, part, (inner) => bindChange(play, inner)),
    ...noOperations,
    random: () => stage.random(),
    perform: notOfAChange,
    cancelJobs: notOfAChange,
    lookUp: async (question, asked) => answers[question]?.(asked) ?? stage.surroundings.lookUp(question, asked),
    report: () => Promise.resolve(),
    wake: () => Promise.resolve(),
    startRun: (child) => playChild(stage, { child, parent: root }, part),
    async steer(childId, control) {
      await effects.waitFor(() => stage.reachable.has(childId));
      const child = stage.reachable.get(childId);
      if (child !== undefined) await handleControl(child.state, control, child.effects);
    },
    record(entry) {
      const written: unknown = { at: clock.now, actor: 'engine', via: 'engine', ...entry };
      if (!isEntry(written) || journal.some(({ key }) => key === entry.key)) return;
      journal.push(written);
      if (written.kind === 'task.opened') stage.people.onOpened(written.payload, () => answering(play));
    },
    flush: () => Promise.resolve(),
    version: () => true,
  };
  return effects;
}

function notOfAChange(): never {
  throw new Error('Cannot rehearse the change: it has no steps of its own');
}

function answering(play: Play): Answering {
  return {
    isOpen: (taskId) => openTaskIds(play.state).includes(taskId),
    answer: (answer) => handleAnswer(reached(play), answer),
  };
}

function openTaskIds({ tasks, approval, freeze, extension }: ChangeState): readonly string[] {
  const desks = [approval, freeze.desk, extension?.desk ?? null];
  const all = [...Object.values(tasks), ...desks.flatMap((desk) => desk?.tasks ?? [])];
  return all.filter(({ closed }) => closed === null).map(({ task }) => task.id);
}

type Answers = { readonly [Q in keyof Lookups]?: (asked: Lookups[Q]['asked']) => Lookups[Q]['answer'] };

function changeAnswers({ around, request }: Play): Answers {
  const people = request.answers.map(({ by }) => by);
  return {
    planChange: ({ generation, previous }) => {
      const { plan, ...rest } = around.planned;
      const isOther = previous !== null && previous !== plan.planDigest;
      return { ...rest, plan: { ...plan, generation }, difference: isOther ? around.planned.difference : [] };
    },
    removedHosts: () => ({ names: [...around.removed] }),
    loadProgram: () => ({ program: request.program }),
    changeConflicts: () => around.conflicts,
    freeItems: () => ({ released: 0, due: [] }),
    draftReview: () => ({ draft: {}, exceptions: [] }),
    electorate: (asked) => ({
      ...scriptedElectorate({ people, left: [...around.left] }, asked),
      managers: around.managers,
    }),
    calendars: ({ names }) => {
      const calendars = around.calendars.filter(({ name }) => names.includes(name));
      const known = new Set(calendars.map(({ name }) => name));
      return { calendars, missing: names.filter((name) => !known.has(name)) };
    },
  };
}

function schedule(play: Play, { at, what }: ChangeHappening, index: number): void {
  const { stage, around } = play;
  const { clock } = stage;
  const announce = (): void => void receiveSurroundings(reached(play));
  switch (what.kind) {
    case 'act': {
      const act = { ...what.act, id: `act-${index}`, actor: what.by, via: 'rehearsal' };
      clock.at(at, () => void handleAct(reached(play), act).then((reply) => play.replies.set(index, reply)));
      return;
    }
    case 'leaves':
      clock.at(at, () => {
        around.left.add(what.person);
        announce();
      });
      return;
    case 'removed':
      clock.at(at, () => void around.removed.add(what.host));
      return;
    case 'calendars':
      clock.at(at, () => {
        around.calendars = what.calendars;
        announce();
      });
      return;
    case 'planned':
      clock.at(at, () => {
        around.planned = what.planned;
        announce();
      });
      return;
    case 'conflicts':
      clock.at(at, () => {
        around.conflicts = what.answer;
        announce();
      });
      return;
    case 'down':
      clock.at(at, () => clock.skipTo(what.until));
  }
}

/** The payload fits its kind, which the signature of `record` has seen to; put together again it is one of the union. */
function isEntry(entry: unknown): entry is AnyJournalEntry {
  return typeof entry === 'object' && entry !== null && 'kind' in entry && 'payload' in entry;
}
