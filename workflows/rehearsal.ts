import type { ResolvedCalendar } from './domain/calendar';
import type { HostRow } from './domain/journal';
import type { JsonObject } from './domain/json';
import { isInterruption } from './effects';
import type { AnyJournalEntry } from './effects';
import { bindRehearsal, reachable } from './rehearsal/binding';
import type { Stage } from './rehearsal/binding';
import { VirtualClock } from './rehearsal/clock';
import { missedExpectations } from './rehearsal/expectation';
import { ScriptedPeople } from './rehearsal/people';
import type { Rehearsal } from './rehearsal/schema';
import { durationMs } from './rehearsal/script';
import { surroundingsOf } from './rehearsal/surroundings';
import { timelineOf } from './rehearsal/timeline';
import type { TimelineEntry } from './rehearsal/timeline';
import { ScriptedWorld } from './rehearsal/world';
import type { Applied } from './rehearsal/world';
import { handleControl, receiveEvent } from './runbook/inbox';
import { runbookProcedure } from './runbook/interpret';
import type { ProcedureResult } from './runbook/interpret';
import type { Control, ResumeRequest, RunInput, RunReport } from './runbook/messages';
import type { Plan, PlanHost } from './runbook/plan';
import { openTasks } from './runbook/tasks';
import { enterState } from './runbook/resume';
import { initialState } from './runbook/state';
import type { HeldLocks, RunState } from './runbook/state';

type Scripted = Pick<Rehearsal, 'start' | 'requester' | 'outcomes' | 'answers' | 'events' | 'expect'>;
/** The part of a rehearsal document that is played. */
export type Script = {
  readonly [K in keyof Scripted]: NonNullable<Scripted[K]> extends readonly (infer T)[] ? readonly T[] : Scripted[K];
};

/** A plan with its hosts, and what the world and the people around it do. */
export interface RehearsalRequest {
  readonly plan: Plan;
  /** Hosts of each target set, in order. */
  readonly hosts: { readonly [set: string]: readonly PlanHost[] };
  readonly script: Script;
  /** Calendars that the run may look at, resolved for as long as it can take. */
  readonly calendars?: readonly ResolvedCalendar[];
  readonly check?: boolean;
  /** What people do to the run itself, by the time since its start. */
  readonly controls?: readonly { readonly afterMs: number; readonly control: Control }[];
  /** Who steers the run (D8): it hears every report, and answers with what the run is told at once. */
  readonly steeredBy?: (report: RunReport) => readonly Control[];
  /** Interrupt at these checkpoints and enter again, as a continue-as-new would. */
  readonly suspendAt?: (checkpoint: number) => boolean;
  /** Go on with a run that has ended. */
  readonly resume?: {
    readonly request: ResumeRequest;
    readonly state: RunState;
    readonly children?: ReadonlyMap<string, RunState>;
  };
}

export interface RehearsalResult {
  readonly result: ProcedureResult | null;
  readonly timeline: readonly TimelineEntry[];
  readonly journal: readonly AnyJournalEntry[];
  readonly rows: readonly HostRow[];
  /** Every effect that stands, by its key: more than once would be one too many. */
  readonly applied: readonly Applied[];
  /** Every lock that was granted, in order. */
  readonly granted: readonly HeldLocks[];
  /** What the script does not cover, and what was expected and did not come so. Empty: passed. */
  readonly problems: readonly string[];
  readonly state: RunState;
  /** Of the runs that it started. */
  readonly children: ReadonlyMap<string, RunState>;
  readonly endedAt: number;
}

const parentId = 'parent';
/** When a rehearsal begins that does not say when. */
export const defaultStartMs = Date.UTC(2026, 0, 1);

/** Plays a plan on the virtual clock with the interpreter that also runs in production. */
export async function rehearse(request: RehearsalRequest): Promise<RehearsalResult> {
  const start = request.script.start === undefined ? defaultStartMs : Date.parse(request.script.start);
  const input = inputOf(request, start);
  const run = { input, state: initialState(start) };
  const stage = stageOf(request, start, run);
  run.state = await firstState(stage, { request, input, start });
  schedule(stage, run, request);
  steer(stage, run, request);
  const problems: string[] = [];
  const result = await playToEnd(stage, run, problems);
  const { journal, world, clock } = stage;
  const played = { result, journal, rows: world.rows, applied: [...world.applied.values()] };
  const missed = request.script.expect === undefined ? [] : missedExpectations(request.script.expect, played);
  return {
    ...played,
    granted: stage.surroundings.granted,
    timeline: timelineOf(journal, { start, undone: stage.undone }),
    problems: [...problems, ...new Set(world.problems), ...missed],
    state: run.state,
    children: stage.children,
    endedAt: clock.now,
  };
}

function stageOf(request: RehearsalRequest, start: number, root: Stage['root']): Stage {
  const clock = new VirtualClock(start, request.suspendAt);
  const { outcomes, answers } = request.script;
  const world = new ScriptedWorld(
    {
      program: request.plan.program,
      hosts: request.hosts,
      outcomes: outcomes ?? [],
      calendars: request.calendars ?? [],
    },
    clock,
  );
  const people = new ScriptedPeople(answers ?? [], clock);
  let seed = 1;
  return {
    clock,
    world,
    people,
    root,
    surroundings: surroundingsOf(
      world,
      (answers ?? []).map(({ by }) => by),
    ),
    journal: [],
    undoing: new Map(),
    undone: new Map(),
    reachable: new Map(),
    hearers: new Map(),
    children: new Map(request.resume?.children),
    endedWith: new Map(),
    random() {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed / 0x80000000;
    },
  };
}

function inputOf({ plan, script, check, resume, hosts, steeredBy }: RehearsalRequest, start: number): RunInput {
  const targetCounts: { [set: string]: number } = {};
  for (const [set, { count }] of Object.entries(plan.targetSets)) targetCounts[set] = hosts[set]?.length ?? count;
  const lateInputs: JsonObject = {};
  return {
    run: {
      installation: 'rehearsal',
      id: 'rehearsal',
      number: 1,
      requester: script.requester ?? 'user/rehearsal',
      createdAt: start,
      parent: steeredBy === undefined ? null : parentId,
    },
    ...(steeredBy === undefined ? {} : { steered: true }),
    planHash: plan.planHash,
    planDigest: plan.planHash,
    targetCounts,
    program: plan.program,
    lateInputs,
    check: check ?? false,
    ...(resume === undefined ? {} : { resume: resume.request }),
  };
}

async function firstState(
  stage: Stage,
  about: { request: RehearsalRequest; input: RunInput; start: number },
): Promise<RunState> {
  const { request, input, start } = about;
  const state = initialState(start);
  if (request.resume === undefined) return state;
  const { digest } = await stage.surroundings.lookUp('saveState', {
    runId: input.run.id,
    state: JSON.parse(JSON.stringify(request.resume.state)),
  });
  return enterState({ ...input, stateDigest: digest }, reachable(stage, { input, state }).effects);
}

/** Entered again after every suspension with nothing but its state, through JSON, as a continue-as-new does it. */
async function playToEnd(
  stage: Stage,
  run: { readonly input: RunInput; state: RunState },
  problems: string[],
): Promise<ProcedureResult | null> {
  for (;;) {
    try {
      return await stage.clock.run((part) => runbookProcedure(run.input, run.state, bindRehearsal(stage, run, part)));
    } catch (error) {
      if (!isInterruption(error)) {
        problems.push(problemText(error, run.state));
        return null;
      }
      const stored: RunState = JSON.parse(JSON.stringify(run.state));
      run.state = stored;
    }
  }
}

function problemText(error: unknown, state: RunState): string {
  const open = openTasks(state);
  const asked = open.map(({ task }) => `"${task.title}" (${task.path})`).join(', ');
  const message = error instanceof Error ? error.message : String(error);
  return open.length === 0 ? message : `Cannot go on: nobody answers ${asked}`;
}

function schedule(
  stage: Stage,
  run: { readonly input: RunInput; readonly state: RunState },
  request: RehearsalRequest,
): void {
  const { clock } = stage;
  for (const [index, event] of (request.script.events ?? []).entries()) {
    const at = clock.now + (event.after === undefined ? 0 : durationMs(event.after));
    const message = {
      id: `event-${index}`,
      name: event.name,
      data: event.data ?? null,
      actor: 'user/rehearsal',
      via: 'rehearsal',
    };
    clock.at(at, () => receiveEvent(run.state, message, reachable(stage, run).effects));
  }
  for (const { afterMs, control } of request.controls ?? []) {
    clock.at(clock.now + afterMs, () => void handleControl(run.state, control, reachable(stage, run).effects));
  }
}

/** As over the wire: what the run is told reaches it when it next waits. */
function steer(
  stage: Stage,
  run: { readonly input: RunInput; readonly state: RunState },
  { steeredBy }: RehearsalRequest,
): void {
  if (steeredBy === undefined) return;
  stage.hearers.set(parentId, (report) => {
    for (const control of steeredBy(report))
      stage.clock.at(stage.clock.now, () => void handleControl(run.state, control, reachable(stage, run).effects));
  });
}
