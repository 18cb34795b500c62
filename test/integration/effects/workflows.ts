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

/** One part writes what was recorded while another asks something; what they wait for then comes in any order. */
export async function lightInTwoParts(input: RunInput): Promise<string> {
  const { effects } = bindEffects(input);
  noteState(effects, 'before');
  await effects.all([
    async (part) => {
      await part.flush();
    },
    async (part) => {
      await part.perform(callOf(input, { operation: 'test.light', effect: 'read', light: true }));
      noteState(part, 'between');
      await part.all([
        async (inner) => {
          await inner.perform(callOf(input, { operation: 'test.plain', effect: 'unsafe', light: false }));
        },
        async (inner) => {
          await inner.waitFor(() => false, inner.now() + 5);
        },
      ]);
    },
  ]);
  return 'through';
}
