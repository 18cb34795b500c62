import { condition, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';

import type { OperationReply } from '../../../workflows/domain/operation';
import { isInterruption } from '../../../workflows/effects';
import type { Effects, OperationCall } from '../../../workflows/effects';
import type { RunInput } from '../../../workflows/runbook/messages';
import { bindEffects } from '../../../workflows/temporal-effects';

/** Workflows that do one thing each through the binding. */
const openSignal = defineSignal('open');
const cancelSignal = defineSignal('cancelPart');
const stageQuery = defineQuery<string>('stage');

export interface Asked {
  readonly input: RunInput;
  readonly operation: string;
  readonly effect: OperationCall['effect'];
  readonly light: boolean;
}

export async function performOnce({ input, ...asked }: Asked): Promise<OperationReply> {
  const { effects } = bindEffects(input);
  noteState(effects, 'before');
  return effects.perform(callOf(input, asked));
}

/** A wait with a time limit: who wins, the signal or the clock? */
export async function waitAWhile(input: RunInput, forMs: number): Promise<boolean> {
  const { effects } = bindEffects(input);
  let open = false;
  setHandler(openSignal, () => {
    open = true;
  });
  return effects.waitFor(() => open, effects.now() + forMs);
}

/** Cancels a part while its activity runs, then kills what it left in a shielded part. */
export async function cancelPart({ input, ...asked }: Asked): Promise<string[]> {
  const { effects } = bindEffects(input);
  const events: string[] = [];
  let cancelled = false;
  setHandler(cancelSignal, () => {
    cancelled = true;
  });
  setHandler(stageQuery, () => events.join());
  const part = effects.scope(async (within) => {
    try {
      events.push('performing');
      await within.perform(callOf(input, asked));
      events.push('performed');
    } catch (error) {
      events.push(isInterruption(error) ? error.reason : String(error));
      await within.shield(async (shielded) => {
        await shielded.sleep(1);
        events.push('shielded');
      });
    }
  });
  await condition(() => cancelled);
  part.cancel();
  await part.result;
  return events;
}

export async function raceAndAll(input: RunInput): Promise<string[]> {
  const { effects } = bindEffects(input);
  const events: string[] = [];
  async function after(ms: number, name: string, part: Effects): Promise<string> {
    try {
      await part.sleep(ms);
      events.push(name);
      return name;
    } catch (error) {
      events.push(`${name} ${isInterruption(error) ? error.reason : 'broke'}`);
      throw error;
    }
  }
  const winner = await effects.race([(part) => after(60_000, 'slow', part), (part) => after(1, 'fast', part)]);
  const both = await effects.all([(part) => after(20, 'two', part), (part) => after(1, 'one', part)]);
  return [...events, winner, ...both];
}

function noteState(effects: Effects, reason: string): void {
  effects.record({ key: `note/${reason}`, kind: 'run.state', payload: { state: 'running', reason } });
}

function callOf(input: RunInput, { operation, effect, light }: Omit<Asked, 'input'>): OperationCall {
  const { run, planDigest } = input;
  const request = {
    operation,
    installation: run.installation,
    runId: run.id,
    planDigest,
    at: 'step',
    path: 'step',
    phase: 'do',
    generation: 1,
    parallel: 1,
    stopAfterFailures: null,
    scope: {},
  } as const;
  return { request, effect, light, timeoutMs: 20_000 };
}

/**
 * Two parts ask at once, and go on with one activity each. The part with the quick answer has more to think about before it does:
 * should it get its answer together with the other, it comes second.
 */
export async function lightInTwoParts(input: RunInput): Promise<string> {
  const { effects } = bindEffects(input);
  const light = (operation: string) => callOf(input, { operation, effect: 'read', light: true });
  const plain = (operation: string) => callOf(input, { operation, effect: 'read', light: false });
  await effects.all([
    async (part) => {
      await part.perform(light('test.light'));
      await manyTurns();
      await part.perform(plain('test.afterQuick'));
    },
    async (part) => {
      await part.perform(light('test.slowLight'));
      await part.perform(plain('test.afterSlow'));
    },
  ]);
  return 'through';
}

/** More than any chain of awaits in the binding takes. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
}

/** What a part of `sideBySide` does, one after the other: a name of an operation, `wait`, `time` or `flush`. */
export type Script = readonly string[];

/** Parts that light steps, activities, timers, each other and the time of day wake up. */
export async function sideBySide(input: RunInput, scripts: readonly Script[]): Promise<string> {
  const { effects } = bindEffects(input);
  let stage = 0;
  async function follow(word: string, part: Effects): Promise<void> {
    if (word === 'turns') return manyTurns();
    if (word === 'sleep') return part.sleep(20);
    if (word === 'wait') {
      stage += 1;
      const goal = stage + 1;
      await part.waitFor(() => stage >= goal, part.now() + 30);
      return;
    }
    if (word === 'flush') {
      noteState(part, `${(stage += 1)}`);
      return part.flush();
    }
    const operation = word === 'time' ? `test.plain${part.now() % 2}` : word;
    await part.perform(callOf(input, { operation, effect: 'read', light: operation.includes('ight') }));
  }
  await effects.all(
    scripts.map((script) => async (part) => {
      for (const word of script) await follow(word, part);
    }),
  );
  return 'through';
}
