import { setTimeout as sleep } from 'node:timers/promises';

import type { Failure } from '../../workflows/domain/failure';
import type { JsonObject } from '../../workflows/domain/json';
import type { OperationContext, OperationResult } from '../connector';
import { commandText } from './command';
import { isSshFailure } from './failures';
import type { HostIdentity } from './launcher';
import { failure, runOnHost } from './on-host';
import { RebootInput, WaitInput } from './schema';
import { hostOf, sessionOf } from './surroundings';
import type { SshSurroundings } from './surroundings';

const lookEveryMs = 500;

/** Sent once as a job; whatever becomes of that job, another boot id is the proof. */
export async function rebootHost(
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const reboot = RebootInput.parse(input);
  const began = surroundings.now();
  let before = context.earlier?.bootId ?? null;
  const watched: OperationContext = {
    ...context,
    repeatable: false,
    dispatched: async (ids) => {
      const recorded = await context.dispatched(ids);
      before = (recorded ?? ids).bootId;
      return recorded;
    },
  };
  const sent = await runOnHost(
    { command: commandText({ words: reboot.command, env: {}, umask: '022' }) },
    watched,
    surroundings,
  );
  const output = sent.output === null ? {} : { output: sent.output };
  const refused = sent.verdict.status === 'failed' && !(sent.exitCode !== null && sent.signal !== null);
  if (refused || before === null)
    return { ...sent.verdict, result: waited('', began, surroundings), changed: sent.exitCode !== null, ...output };
  const old = before;
  const back = await waitFor((identity) => identity.bootId !== old, {
    context,
    surroundings,
    deadline: began + reboot.within,
  });
  return {
    ...ended(back, began, surroundings),
    ...(back === null ? { status: 'unknown', error: notBack(context) } : { status: 'succeeded' }),
    changed: true,
    ...output,
  };
}

export async function waitForHost(
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const wait = WaitInput.parse(input);
  const began = surroundings.now();
  const back = await waitFor(() => true, { context, surroundings, deadline: began + wait.within });
  const outcome =
    back === null
      ? {
          status: 'failed' as const,
          error: failure('SSH_UNREACHABLE', `Cannot reach "${hostOf(context).name}": no answer in time`),
        }
      : { status: 'succeeded' as const };
  return { ...ended(back, began, surroundings), ...outcome, changed: false };
}

interface Waiting {
  readonly context: OperationContext;
  readonly surroundings: SshSurroundings;
  readonly deadline: number;
}

/** Null: not in time. */
async function waitFor(accept: (identity: HostIdentity) => boolean, waiting: Waiting): Promise<HostIdentity | null> {
  const { context, surroundings, deadline } = waiting;
  const session = sessionOf(context, surroundings);
  for (;;) {
    const left = deadline - surroundings.now();
    if (left <= 0) return null;
    try {
      const identity = await session.withConnection(left, (connection) => {
        session.forgetIdentity(connection);
        return session.identify(connection);
      });
      if (identity !== null && accept(identity)) return identity;
    } catch (error) {
      // A host that starts up answers in many ways; the deadline decides.
      if (!isSshFailure(error)) throw error;
    }
    await sleep(Math.min(lookEveryMs, Math.max(1, left)), undefined, { signal: context.signal });
  }
}

function ended(
  back: HostIdentity | null,
  began: number,
  surroundings: SshSurroundings,
): Pick<OperationResult, 'result' | 'startedAt' | 'endedAt'> {
  return { result: waited(back?.bootId ?? '', began, surroundings), startedAt: began, endedAt: surroundings.now() };
}

function waited(bootId: string, began: number, surroundings: SshSurroundings): JsonObject {
  return { bootId, waitedMs: surroundings.now() - began };
}

function notBack(context: OperationContext): Failure {
  return failure(
    'REBOOT_UNCONFIRMED',
    `Cannot confirm the restart of "${hostOf(context).name}": no other boot id was seen in time`,
  );
}
