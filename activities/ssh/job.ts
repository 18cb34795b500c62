import { setTimeout as sleep } from 'node:timers/promises';

import type { OperationContext } from '../connector';
import type { Collector } from './collector';
import type { Connection } from './connection';
import { isSshFailure, SshFailure } from './failures';
import type { SshFailureCode } from './failures';
import { graceSeconds, jobName } from './launcher';
import type { HostIdentity, JobRequest, JobState, LauncherRequest } from './launcher';
import type { OutputRecorder } from './recorder';
import type { Answer, HostSession } from './session';

export interface JobSettings {
  /** How long a host may take to accept a login before it counts as unreachable (D1). */
  readonly connectWithinMs: number;
  /** A job that takes longer is watched by a request of its own, which streams. */
  readonly followAfterMs: number;
  readonly outputLimitBytes: number;
  readonly now: () => number;
  readonly collector: Collector;
}

export interface Job {
  /** Text for the launcher's child (`command.ts`). */
  readonly command: string;
  /** Replaces the context's recorder where the output is the result (`ssh.get`). */
  readonly recorder: OutputRecorder;
  readonly settings: JobSettings;
}

export type JobOutcome =
  | { readonly kind: 'ended'; readonly end: Extract<JobState, { state: 'ended' }>; readonly file: Buffer | null }
  /** Definitive: nothing was started. */
  | { readonly kind: 'failed'; readonly code: SshFailureCode; readonly message: string }
  /** It may have been started, and nobody can tell what became of it. */
  | { readonly kind: 'unknown'; readonly code: SshFailureCode; readonly message: string };

type Ids = { readonly rootId: string; readonly bootId: string };

/** One request to one host about this job; a value ends the job, null means: go on. */
type Turn = JobOutcome | null;

/** Reserve beyond time limit and kill grace, before a silent host makes the outcome unknown. */
const reserveMs = 15_000;
const watchSeconds = 20;
/** Before a host that gave no identity is asked again. */
const unansweredPauseMs = 20;

/**
 * Runs a job to its end, across lost connections (D1, D3).
 *
 * - J1 Nothing is sent before `dispatched` has been journaled.
 * - J2 Once something was sent, by this attempt or an earlier one, no failure is definitive unless the host itself says so.
 * - J3 A job whose earlier dispatch saw another root or another boot is only attached to, never started.
 */
export class JobRun {
  private dispatchedIds: Ids | null;
  private journaled = false;
  private sent: boolean;
  private deadline: number;
  private identity: HostIdentity | null = null;
  private following = false;
  private again = false;
  /** A launch was sent by an earlier attempt or over a connection that broke: where jobs live in memory it may be lost. */
  private doubtful: boolean;
  private pauseMs = 0;
  private readonly giveUpAt: number;

  private readonly settings: JobSettings;

  constructor(
    private readonly session: HostSession,
    private readonly context: OperationContext,
    private readonly job: Job,
  ) {
    const { settings } = job;
    this.settings = settings;
    this.dispatchedIds = context.earlier;
    this.sent = context.earlier !== null;
    this.doubtful = this.sent;
    this.deadline = this.deadlineFromNow();
    this.giveUpAt = settings.now() + 2 * settings.connectWithinMs;
  }

  async run(): Promise<JobOutcome> {
    for (;;) {
      this.context.signal.throwIfAborted();
      try {
        const outcome = await this.session.withConnection(this.patienceMs(), (connection) => this.turn(connection));
        if (outcome !== null) return outcome;
      } catch (error) {
        if (!isSshFailure(error)) throw error;
        return this.sent
          ? unknown('JOB_UNCONFIRMED', `${error.message} (the job had been sent)`)
          : { kind: 'failed', code: error.code, message: error.message };
      }
      const late = this.tooLate();
      if (late !== null) return late;
      if (this.pauseMs > 0) await sleep(this.pauseMs, undefined, { ref: false });
      this.pauseMs = 0;
    }
  }

  private tooLate(): Turn {
    const now = this.settings.now();
    const { name } = this.session.host;
    if (this.sent)
      return now > this.deadline
        ? unknown('JOB_UNCONFIRMED', `Cannot learn the outcome on "${name}": no answer before the deadline`)
        : null;
    if (now <= this.giveUpAt) return null;
    return {
      kind: 'failed',
      code: 'SSH_UNREACHABLE',
      message: `Cannot run a job on "${name}": the host accepts the login and answers no request`,
    };
  }

  private patienceMs(): number {
    const left = this.deadline - this.settings.now();
    return this.sent ? Math.max(this.settings.connectWithinMs, left) : this.settings.connectWithinMs;
  }

  private deadlineFromNow(): number {
    return this.settings.now() + this.context.timeoutMs + graceSeconds * 1000 + reserveMs;
  }

  private async turn(connection: Connection): Promise<Turn> {
    this.identity = await this.session.identify(connection);
    if (this.identity === null) {
      this.pauseMs = unansweredPauseMs;
      return null;
    }
    await this.dispatch(this.identity);
    this.context.signal.throwIfAborted();
    const request = this.request(this.identity);
    const answer = await this.session.send(connection, request, {
      streams: this.job.recorder,
      leaveAfterMs: this.leaveAfterMs(request),
    });
    return this.read(answer, connection);
  }

  /** J1 */
  private async dispatch(identity: HostIdentity): Promise<void> {
    if (this.journaled) return;
    const recorded = await this.context.dispatched({ rootId: identity.rootId, bootId: identity.bootId });
    this.journaled = true;
    this.dispatchedIds = recorded ?? this.dispatchedIds ?? { rootId: identity.rootId, bootId: identity.bootId };
    if (recorded !== null) this.sent = true;
    if (!this.sent) this.deadline = this.deadlineFromNow();
  }

  /** J3 */
  private request(identity: HostIdentity): LauncherRequest {
    const { context, settings } = this;
    const about: JobRequest = {
      name: jobName(context.identity),
      key: context.key,
      rootId: identity.rootId,
      bootEpochMs: identity.bootEpochMs,
    };
    if (this.following || (this.mustExist(identity) && !this.again)) {
      const { stdout, stderr } = this.job.recorder;
      return { mode: 'attach', ...about, watchSeconds, outOffset: stdout.sizeBytes, errOffset: stderr.sizeBytes };
    }
    return {
      mode: this.again ? 'again' : 'start',
      ...about,
      command: this.job.command,
      limitSeconds: Math.max(1, Math.ceil(context.timeoutMs / 1000)),
      outputLimitBytes: settings.outputLimitBytes,
      fences: context.fences,
    };
  }

  private mustExist(identity: HostIdentity): boolean {
    if (!this.sent) return false;
    return !this.isSameHost(identity) || (identity.volatile && this.doubtful);
  }

  private isSameHost({ rootId, bootId }: HostIdentity): boolean {
    return this.dispatchedIds?.rootId === rootId && this.dispatchedIds.bootId === bootId;
  }

  private leaveAfterMs(request: LauncherRequest): number {
    return request.mode === 'attach' ? (watchSeconds + 10) * 1000 : this.settings.followAfterMs;
  }

  private read(answer: Answer, connection: Connection): Turn {
    switch (answer.kind) {
      case 'unsent':
        if (answer.why === 'broken') connection.destroy();
        this.pauseMs = answer.why === 'full' ? 50 : 0;
        return null;
      case 'refused':
        throw this.session.refusal(answer.complaint);
      case 'left':
        this.sent = true;
        this.following = true;
        return null;
      case 'lost':
        this.sent = true;
        this.doubtful = true;
        // Output that has come already must not come again from its beginning.
        this.following ||= this.job.recorder.stdout.sizeBytes + this.job.recorder.stderr.sizeBytes > 0;
        return null;
      case 'state':
        return this.readState(answer.state, answer.file, connection);
    }
  }

  private readState(state: JobState, file: Buffer | null, connection: Connection): Turn {
    switch (state.state) {
      case 'ended':
        this.settings.collector.note(connection, this.session.host, {
          rootId: this.identity?.rootId ?? '',
          name: jobName(this.context.identity),
        });
        return { kind: 'ended', end: state, file };
      case 'running':
        this.sent = true;
        this.following = true;
        return null;
      case 'moved':
        this.session.forgetIdentity(connection);
        return null;
      case 'unstarted':
        // Its directory stands here, so nothing of it was forgotten: it may start. After a restart of the host that proves nothing.
        if (this.identity === null || !this.isSameHost(this.identity))
          return this.repeatOr('JOB_VANISHED', 'nothing tells whether it was started');
        this.following = false;
        this.doubtful = false;
        return null;
      case 'missing':
        // A launch that was sent may still be on its way; sent again, it meets the other one at the fence.
        if (this.identity !== null && !this.mustExist(this.identity)) {
          this.following = false;
          return null;
        }
        return this.repeatOr('JOB_VANISHED', 'neither the job nor its result is there');
      case 'vanished':
        return this.repeatOr('JOB_VANISHED', 'neither the job nor its result is there');
      case 'rebooted':
        return this.repeatOr('JOB_LOST_BY_REBOOT', 'the host was restarted while the job ran');
      case 'unusable':
        return this.refuse(this.session.unusable(state.why));
      case 'fenced':
        return this.refuse(
          new SshFailure(
            'SSH_FENCED',
            `Cannot start on "${this.session.host.name}": lock "${state.lock}" was used there with token ${state.held}`,
          ),
        );
      case 'never':
      case 'collected':
        return unknown(
          'JOB_UNCONFIRMED',
          `Cannot learn the outcome on "${this.session.host.name}": unexpected answer "${state.state}"`,
        );
    }
  }

  /** What can be repeated starts anew; anything else is for people to decide. */
  private repeatOr(code: 'JOB_VANISHED' | 'JOB_LOST_BY_REBOOT', state: string): Turn {
    if (!this.context.repeatable || this.again)
      return unknown(code, `Cannot learn the outcome on "${this.session.host.name}": ${state}`);
    this.again = true;
    this.following = false;
    return null;
  }

  /** The launcher started nothing this time; an earlier attempt may have (J2). */
  private refuse(failure: SshFailure): JobOutcome {
    if (this.sent) return unknown('JOB_UNCONFIRMED', failure.message);
    return { kind: 'failed', code: failure.code, message: failure.message };
  }
}

function unknown(code: SshFailureCode, message: string): JobOutcome {
  return { kind: 'unknown', code, message };
}
