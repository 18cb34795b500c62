import { setTimeout as sleep } from 'node:timers/promises';

import type { OperationContext, OperationImplementation } from '../connector';
import type { Connection } from './connection';
import { isSshFailure } from './failures';
import { jobName } from './launcher';
import type { JobState } from './launcher';
import type { HostSession } from './session';
import { sessionOf } from './surroundings';
import type { SshSurroundings } from './surroundings';

type Cancelled = Awaited<ReturnType<NonNullable<OperationImplementation['cancel']>>>;

/** KILL and its confirmation, on top of the grace. */
const confirmMs = 30_000;

/** TERM to the job's group, KILL after the grace, and the host's word that it is gone (D2). A job that never started cannot start later. */
export async function cancelJob(
  context: OperationContext & { readonly graceMs: number },
  surroundings: SshSurroundings,
): Promise<Cancelled> {
  const session = sessionOf(context, surroundings);
  const deadline = surroundings.now() + surroundings.connectWithinMs + context.graceMs + confirmMs;
  while (surroundings.now() < deadline) {
    context.signal.throwIfAborted();
    try {
      const verdict = await session.withConnection(surroundings.connectWithinMs, (connection) =>
        cancelOnce(session, connection, context),
      );
      if (verdict !== null) return verdict;
    } catch (error) {
      if (!isSshFailure(error)) throw error;
      return context.earlier === null ? 'pending' : 'unknown';
    }
    await sleep(50, undefined, { ref: false });
  }
  return 'unknown';
}

/** Null: the connection broke, try again. */
async function cancelOnce(
  session: HostSession,
  connection: Connection,
  context: OperationContext & { readonly graceMs: number },
): Promise<Cancelled | null> {
  const identity = await session.identify(connection);
  if (identity === null) return null;
  const graceSeconds = Math.max(1, Math.ceil(context.graceMs / 1000));
  const about = {
    name: jobName(context.identity),
    key: context.key,
    rootId: identity.rootId,
    bootEpochMs: identity.bootEpochMs,
  };
  const streams = { onStdout: () => undefined, onStderr: () => undefined };
  const answer = await session.send(
    connection,
    { mode: 'cancel', ...about, graceSeconds },
    { streams, leaveAfterMs: context.graceMs + confirmMs },
  );
  if (answer.kind !== 'state') return null;
  const { earlier } = context;
  const otherHost = earlier !== null && (earlier.rootId !== identity.rootId || earlier.bootId !== identity.bootId);
  if (answer.state.state === 'never' && otherHost) return 'unknown';
  return verdictOf(answer.state);
}

function verdictOf(state: JobState): Cancelled | null {
  switch (state.state) {
    case 'ended':
      return verdictOfEnd(state);
    case 'never':
    case 'missing':
    case 'unstarted':
      return 'pending';
    case 'moved':
      return null;
    case 'running':
    case 'vanished':
    case 'rebooted':
    case 'unusable':
    case 'fenced':
    case 'collected':
      return 'unknown';
  }
}

function verdictOfEnd(end: Extract<JobState, { state: 'ended' }>): Cancelled {
  switch (end.flag) {
    case 'none':
      return end.exitCode === 0 ? 'succeeded' : 'failed';
    // It may have ended well on its own while the signal was on its way.
    case 'cancelled':
      return end.exitCode === 0 ? 'succeeded' : 'cancelled';
    case 'timeout':
      return 'failed';
    case 'never':
      return 'pending';
    case 'stuck':
      return 'unknown';
  }
}
