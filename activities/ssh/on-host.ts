import type { Failure } from '../../workflows/domain/failure';
import type { OperationContext, OutputSummary } from '../connector';
import type { SshFailureCode } from './failures';
import { isSshFailure } from './failures';
import { JobRun } from './job';
import type { Job, JobOutcome } from './job';
import type { JobState } from './launcher';
import { OutputRecorder } from './recorder';
import { hostOf, sessionOf } from './surroundings';
import type { SshSurroundings } from './surroundings';

/** What became of a job, in the terms of an operation. */
export interface HostResult {
  readonly verdict: Verdict;
  readonly recorder: OutputRecorder;
  /** Null: it was never seen to end. */
  readonly exitCode: number | null;
  readonly signal: 'SIGTERM' | 'SIGKILL' | null;
  readonly file: Buffer | null;
  /** The host has not kept all of it: its disk was full, a limit was reached, or the job was collected. */
  readonly cut: { readonly stdout: boolean; readonly stderr: boolean };
  /** Null: nothing was started. */
  readonly output: OutputSummary | null;
}

export interface Verdict {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly error?: Failure;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface HostJob {
  /** Text of `command.ts`. */
  readonly command: string;
  /** Of each stream, in the result. */
  readonly keepBytes?: number;
}

/** Runs a text of `command.ts` as a job and waits for its end. */
export async function runOnHost(
  job: HostJob,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<HostResult> {
  const { command, keepBytes } = job;
  const recorder = new OutputRecorder(context.output, keepBytes);
  const began = surroundings.now();
  const outcome = await outcomeOf({ command, recorder, settings: surroundings }, context, surroundings);
  const name = hostOf(context).name;
  if (outcome.kind !== 'ended') {
    const verdict = {
      status: outcome.kind,
      error: failure(outcome.code, outcome.message),
      startedAt: began,
      endedAt: surroundings.now(),
    };
    const output = recorder.stdout.sizeBytes + recorder.stderr.sizeBytes > 0 ? recorder.summary() : null;
    return {
      verdict,
      recorder,
      exitCode: null,
      signal: null,
      file: null,
      cut: { stdout: false, stderr: false },
      output,
    };
  }
  const { end, file } = outcome;
  return {
    verdict: { ...verdictOfEnd(end, name), startedAt: end.startedAt, endedAt: end.endedAt },
    recorder,
    exitCode: end.exitCode,
    signal: signalOf(end),
    file,
    cut: { stdout: end.stdoutCut || !end.outputKept, stderr: end.stderrCut || !end.outputKept },
    output: recorder.summary(),
  };
}

async function outcomeOf(job: Job, context: OperationContext, surroundings: SshSurroundings): Promise<JobOutcome> {
  try {
    return await new JobRun(sessionOf(context, surroundings), context, job).run();
  } catch (error) {
    if (!isSshFailure(error)) throw error;
    return { kind: 'failed', code: error.code, message: error.message };
  }
}

type End = Extract<JobState, { state: 'ended' }>;

function verdictOfEnd(end: End, host: string): Pick<Verdict, 'status' | 'error'> {
  switch (end.flag) {
    case 'none':
      if (end.exitCode === 0) return { status: 'succeeded' };
      return {
        status: 'failed',
        error: failure('EXIT_CODE', `Cannot complete the command on "${host}": exit code ${end.exitCode}`),
      };
    case 'timeout':
      return {
        status: 'failed',
        error: failure('TIMEOUT', `Cannot complete the command on "${host}": its time limit was over and it was ended`),
      };
    case 'cancelled':
      if (end.exitCode === 0) return { status: 'succeeded' };
      return {
        status: 'failed',
        error: failure('JOB_CANCELLED', `Cannot complete the command on "${host}": it was cancelled`),
      };
    case 'never':
      return {
        status: 'failed',
        error: failure('JOB_CANCELLED', `Cannot start the command on "${host}": it was cancelled before`),
      };
    case 'stuck':
      return {
        status: 'unknown',
        error: failure(
          'JOB_UNCONFIRMED',
          `Cannot end the command on "${host}": a process of it does not react to KILL`,
        ),
      };
  }
}

/** Only where we sent it ourselves: a shell's exit code 143 may also be the command's own. */
function signalOf(end: End): 'SIGTERM' | 'SIGKILL' | null {
  if (end.flag !== 'timeout' && end.flag !== 'cancelled') return null;
  if (end.exitCode === 143) return 'SIGTERM';
  return end.exitCode === 137 ? 'SIGKILL' : null;
}

export function failure(code: SshFailureCode, message: string): Failure {
  return { code, message };
}
