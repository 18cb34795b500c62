import { isInterruption } from '../effects';
import type { AnyJournalEntry, Effects } from '../effects';
import type { ChildOutcome, ChildRun, RunInput, RunReport } from '../runbook/messages';
import { runbookProcedure } from '../runbook/interpret';
import type { ProcedureResult } from '../runbook/interpret';
import { applyControl, handleAnswer, handleControl, receiveChildEnded, receiveLockNews } from '../runbook/inbox';
import { enterState } from '../runbook/resume';
import { initialState } from '../runbook/state';
import type { RunState } from '../runbook/state';
import { openTasks } from '../runbook/tasks';
import { isCancelled, timingOf } from './clock';
import type { Part, VirtualClock } from './clock';
import { noOperations } from './operations';
import type { Answering, ScriptedPeople } from './people';
import type { Surroundings } from './surroundings';
import type { ScriptedWorld } from './world';

/** What all runs of one rehearsal share. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly world: ScriptedWorld;
  readonly people: ScriptedPeople;
  readonly surroundings: Surroundings;
  readonly journal: AnyJournalEntry[];
  /** How many rows there were when a step of an undo started, and whom it was about when it had ended, by the key of its entry. */
  readonly undoing: Map<string, number>;
  readonly undone: Map<string, readonly string[]>;
  /** The run that the others are children of. */
  readonly root: { readonly input: RunInput; readonly state: RunState };
  readonly children: Map<string, RunState>;
  /** Children that are under way. */
  readonly reachable: Map<string, Reachable>;
  /** Who hears what steered runs report, by the id of their parent. */
  readonly hearers: Map<string, (report: RunReport) => void>;
  /** State that each child stored at its end. */
  readonly endedWith: Map<string, string>;
  /** The same numbers every time. */
  random(): number;
}

/** `Effects` of one run on the virtual clock. */
export function bindRehearsal(
  stage: Stage,
  run: { readonly input: RunInput; readonly state: RunState },
  part: Part,
): Effects {
  const inside = (inner: Part): Effects => bindRehearsal(stage, run, inner);
  const { clock, world, journal } = stage;
  const effects: Effects = {
    ...timingOf(clock, part, inside),
    ...noOperations,
    random: () => stage.random(),
    perform: (call) => world.perform(call, part),
    cancelJobs: (call) => Promise.resolve(world.cancelJobs(call)),
    lookUp: (question, asked) => stage.surroundings.lookUp(question, asked),
    report: async (report) => stage.hearers.get(run.input.run.parent ?? '')?.(report),
    wake: async (runIds) => {
      for (const id of runIds) {
        const woken = stage.children.get(id) ?? (id === stage.root.input.run.id ? stage.root.state : null);
        if (woken !== null) receiveLockNews(woken);
      }
    },
    startRun: (child) => playChild(stage, { child, parent: run }, part),
    async steer(childId, control) {
      await effects.waitFor(() => stage.reachable.has(childId));
      const child = stage.reachable.get(childId);
      if (child !== undefined) await handleControl(child.state, control, child.effects);
    },
    record(entry) {
      const written: unknown = { at: clock.now, actor: 'engine', via: 'engine', ...entry };
      if (!isEntry(written) || journal.some(({ key }) => key === entry.key)) return;
      journal.push(written);
      noteUndone(stage, written);
      if (written.kind === 'task.opened')
        stage.people.onOpened(written.payload, () => answering(reachable(stage, run)));
    },
    flush: () => Promise.resolve(),
    version: () => true,
  };
  return effects;
}

/** A run that messages can reach. */
export interface Reachable {
  readonly input: RunInput;
  readonly state: RunState;
  readonly effects: Effects;
}

function answering(run: Reachable): Answering {
  return {
    isOpen: (taskId) => openTasks(run.state).some(({ task }) => task.id === taskId),
    answer: (answer) => handleAnswer(run, answer, run.effects),
  };
}

/** A handler of messages is in no part that could be cancelled. */
export function reachable(stage: Stage, run: { readonly input: RunInput; readonly state: RunState }): Reachable {
  const part: Part = { parent: null, shielded: true, cancelled: false };
  return { ...run, effects: bindRehearsal(stage, run, part) };
}

/** Rows of the step since the start of its group are those of the group. */
function noteUndone({ world, undoing, undone }: Stage, { key, kind, payload }: AnyJournalEntry): void {
  if (kind === 'step.started' && payload.phase === 'undo') undoing.set(payload.path, world.rows.length);
  if (kind !== 'step.ended' || payload.phase !== 'undo') return;
  const { path } = payload;
  const own = world.rows
    .slice(undoing.get(path))
    .filter(({ phase, step }) => phase === 'undo' && (step === path || step.startsWith(`${path}/`)));
  undone.set(
    key,
    [...new Set(own.map(({ host }) => host))].filter((host) => host !== ''),
  );
}

/** The payload fits its kind, which the signature of `record` has seen to; put together again it is one of the union. */
function isEntry(entry: unknown): entry is AnyJournalEntry {
  return typeof entry === 'object' && entry !== null && 'kind' in entry && 'payload' in entry;
}

/** A child is a run of its own; cancelling it is a message, so that it ends in its own way (D7). */
export async function playChild(
  stage: Stage,
  about: { child: ChildRun; parent: { readonly input: RunInput; readonly state: RunState } },
  part: Part,
): Promise<ChildOutcome> {
  const { child, parent } = about;
  const input = childInput(child, parent.input);
  const own: Part = { parent: part, shielded: true, cancelled: false };
  const state = await childState(stage, { child, input }, own);
  const effects = bindRehearsal(stage, { input, state }, own);
  const ended = { yet: false };
  stage.reachable.set(child.childId, reachable(stage, { input, state }));
  const playing = runbookProcedure(input, state, effects).finally(() => {
    ended.yet = true;
    stage.reachable.delete(child.childId);
  });
  void playing.catch(() => undefined);
  try {
    await stage.clock.wait(part, () => ended.yet, null);
  } catch (error) {
    if (!isInterruption(error) || error.reason === 'suspend' || !isCancelled(part)) throw error;
    applyControl(state, {
      action: 'cancel',
      actor: 'engine',
      via: 'engine',
      id: `${child.childId}/cancel`,
      keep: true,
      reason: 'the parent was cancelled',
    });
    receiveChildEnded(parent.state, outcomeOf(stage, child, await playing));
    throw error;
  }
  return outcomeOf(stage, child, await playing);
}

function outcomeOf({ endedWith }: Stage, { childId }: ChildRun, result: ProcedureResult): ChildOutcome {
  endedWith.set(childId, result.stateDigest);
  return { childId, ...result };
}

function childInput(child: ChildRun, parent: RunInput): RunInput {
  const { resume: _own, stateDigest: _digest, steered: _steered, cutoffAt: _cutoff, ...shared } = parent;
  const run = { ...parent.run, id: child.childId, parent: parent.run.id };
  const resume = child.again?.request ?? (child.undo ? { by: 'engine', undo: true } : undefined);
  const undo = resume === undefined ? {} : { resume, stateDigest: child.childId };
  const { program, inputs: lateInputs, plan = {}, steered, cutoffAt } = child;
  return {
    ...shared,
    ...plan,
    run,
    program,
    lateInputs,
    ...(steered === undefined ? {} : { steered }),
    ...(cutoffAt === undefined ? {} : { cutoffAt }),
    ...undo,
  };
}

/** As where it really runs: a state other than the one that it had ended with means that it has gone on, and ended again. */
function isToGoOn({ undo, again }: ChildRun, endedWith: string | undefined): boolean {
  return (
    undo || (again !== undefined && (again.after === null || endedWith === undefined || again.after === endedWith))
  );
}

async function childState(stage: Stage, about: { child: ChildRun; input: RunInput }, part: Part): Promise<RunState> {
  const { child, input } = about;
  const known = stage.children.get(child.childId);
  if (known === undefined) {
    const state = initialState(stage.clock.now);
    stage.children.set(child.childId, state);
    return state;
  }
  if (known.stage !== 'closed' || !isToGoOn(child, stage.endedWith.get(child.childId))) return known;
  const asked = bindRehearsal(stage, { input, state: known }, part);
  const stored = await asked.lookUp('saveState', { runId: child.childId, state: JSON.parse(JSON.stringify(known)) });
  const state = await enterState({ ...input, stateDigest: stored.digest }, asked);
  stage.children.set(child.childId, state);
  return state;
}
