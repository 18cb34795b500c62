import type { Here, Opened } from '../../here';
import type { JsonObject } from '../../../domain/json';
import { isJsonObject } from '../../../domain/json-shape';
import type { ChildOutcome, ChildRun } from '../../messages';
import type { RunbookStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { render } from '../../scope';
import { registerChild } from '../../undo-stack';

/** A child run with the embedded program: visible as a run of its own, started once for each attempt (D7). */
export async function runRunbook(step: RunbookStep, opened: Opened, here: Here): Promise<StepEnd> {
  const { frame, path } = opened;
  if (frame.work?.kind !== 'child') {
    const inputs = await render({ map: step.with }, step.reads, here);
    if (!inputs.ok) return here.input.check ? ended : failedEnd(inputs.failure);
    frame.work = { kind: 'child', childId: childIdOf(here), inputs: isJsonObject(inputs.value) ? inputs.value : {} };
  }
  const { childId, inputs } = frame.work;
  registerChild(step, { path, childId }, here);
  const outcome = await startChild({ path, childId, program: step.program, inputs, undo: false }, here);
  return endOf(outcome, here);
}

export async function startChild(child: ChildRun, here: Here): Promise<ChildOutcome> {
  const { path, childId } = child;
  const phase = child.undo ? 'undo' : 'do';
  here.effects.record({
    key: `${path}/${childId}/${phase}/child.started`,
    kind: 'child.started',
    payload: { path, childId },
  });
  await here.effects.flush();
  const outcome = here.state.children[childId] ?? (await here.effects.startRun(child));
  delete here.state.children[childId];
  const payload = { path, childId, outcome: outcome.outcome };
  here.effects.record({ key: `${path}/${childId}/${phase}/child.ended`, kind: 'child.ended', payload });
  return outcome;
}

function endOf(outcome: ChildOutcome, here: Here): StepEnd {
  const fields: JsonObject = { outputs: outcome.outputs };
  if (outcome.outcome !== 'succeeded' && outcome.outcome !== 'checked') {
    const why = outcome.error === null ? '' : `: ${outcome.error.message}`;
    return failedEnd(
      { code: 'CHILD_FAILED', message: `Cannot go on: the run "${outcome.childId}" ended ${outcome.outcome}${why}` },
      fields,
    );
  }
  if (outcome.degraded) here.state.degraded = true;
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
