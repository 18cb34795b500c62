import { within } from '../../here';
import type { Here, Opened } from '../../here';
import { parseInputs } from '../../../domain/inputs';
import type { JsonObject } from '../../../domain/json';
import { isJsonObject } from '../../../domain/json-shape';
import type { Rendered } from '../../../domain/render';
import type { ChildOutcome, ChildRun } from '../../messages';
import type { RunbookStep } from '../../plan';
import type { ChildWork, Frame, UndoEntry } from '../../state';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { render } from '../../scope';
import { race } from '../../race';
import { noteTolerated } from '../../tolerated';
import { registerChild } from '../../undo-stack';
import { beginRelay, endRelay, relayControls } from './relay';

/** A child run with the embedded program: visible as a run of its own, started once for each attempt (D7). */
export async function runRunbook(step: RunbookStep, opened: Opened, here: Here): Promise<StepEnd> {
  const { frame, path } = opened;
  if (frame.work?.kind !== 'child') {
    const inputs = await lateInputs(step, here);
    if (!inputs.ok) return here.input.check ? ended : failedEnd(inputs.failure);
    frame.work = { kind: 'child', childId: childIdOf(here), inputs: inputs.value };
  }
  const { childId, inputs } = frame.work;
  registerChild(step, { path, childId }, here);
  const child = { path, childId, program: step.program, inputs, undo: false, ...goingOn(frame.work, frame, here) };
  const outcome = await startChild(child, frame.generation, here);
  const { again: _told, from: _there, ...work } = frame.work;
  frame.work = { ...work, ...(outcome.stateDigest === null ? {} : { endedWith: outcome.stateDigest }) };
  for (const entry of here.state.undo) if (entry.childId === childId) noteEnd(entry, outcome);
  return endOf(outcome, path, here);
}

export function noteEnd(entry: UndoEntry, { stateDigest }: ChildOutcome): void {
  if (stateDigest !== null) entry.endedWith = stateDigest;
}

/** A child that has ended before goes on from where it failed, with the failed targets only: it is the same run. */
function goingOn(work: ChildWork, frame: Frame, { state, input }: Here): Pick<ChildRun, 'again'> {
  if (work.again === undefined) return {};
  let { after } = work.again;
  if (!work.again.begun) {
    // What it reported when it was cancelled would be taken for its end.
    after ??= state.children[work.childId]?.stateDigest ?? null;
    delete state.children[work.childId];
    frame.work = { ...work, again: { after, begun: true } };
  }
  const { from } = work;
  const hosts = state.onlyHosts === null ? {} : { hosts: state.onlyHosts };
  const request = { by: input.resume?.by ?? 'engine', ...(from === undefined ? {} : { from }), ...hosts };
  return { again: { after, request } };
}

/** What the plan could not know is looked at now, before the child begins with it. */
async function lateInputs(step: RunbookStep, here: Here): Promise<Rendered<JsonObject>> {
  const rendered = await render({ map: step.with }, step.reads, here);
  if (!rendered.ok) return rendered;
  const given = isJsonObject(rendered.value) ? rendered.value : {};
  const { values, problems } = parseInputs(given, { declared: step.accepts ?? {}, findHost: null, late: new Set() });
  const [wrong] = problems.filter(({ code }) => code !== 'UNKNOWN_INPUT');
  if (wrong !== undefined) return { ok: false, failure: { code: 'LATE_INPUT_INVALID', message: wrong.message } };
  return { ok: true, value: { ...given, ...values } };
}

export async function startChild(child: ChildRun, generation: number, here: Here): Promise<ChildOutcome> {
  const { path, childId } = child;
  const key = `${path}/${childId}@${generation}/${child.undo ? 'undo' : 'do'}`;
  here.effects.record({
    key: `${key}/child.started`,
    kind: 'child.started',
    payload: { path, childId },
  });
  await here.effects.flush();
  const outcome = here.state.children[childId] ?? (await endOfRun(child, here));
  endRelay(child, here);
  delete here.state.children[childId];
  const payload = { path, childId, outcome: outcome.outcome };
  here.effects.record({ key: `${key}/child.ended`, kind: 'child.ended', payload });
  return outcome;
}

/** An undo is not paused, neither here nor there. */
function endOfRun(child: ChildRun, here: Here): Promise<ChildOutcome> {
  if (here.cleanup) return here.effects.startRun(child);
  const { cutoffAt } = beginRelay(child.childId, here).told;
  const started = cutoffAt === null ? child : { ...child, cutoffAt };
  return race<ChildOutcome>(here.effects, [
    (effects) => effects.startRun(started),
    (effects) => relayControls(child, within(here, { effects })),
  ]);
}

function endOf(outcome: ChildOutcome, path: string, here: Here): StepEnd {
  const fields: JsonObject = { outputs: outcome.outputs };
  if (outcome.outcome !== 'succeeded' && outcome.outcome !== 'checked') {
    const why = outcome.error === null ? '' : `: ${outcome.error.message}`;
    return failedEnd(
      { code: 'CHILD_FAILED', message: `Cannot go on: the run "${outcome.childId}" ended ${outcome.outcome}${why}` },
      fields,
    );
  }
  if (outcome.degraded) noteTolerated(path, [], here.state);
  return { ...ended, changed: true, fields };
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const idLength = 12;

/** `r` and twelve characters, from the run's own deterministic randomness. */
function childIdOf(here: Here): string {
  let id = 'r';
  for (let at = 0; at < idLength; at += 1) id += alphabet[Math.floor(here.effects.random() * alphabet.length)] ?? 'x';
  return id;
}
