import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import type { ReadyLine } from './child';
import { openLog, tailOfLog } from './child-log';
import type { ChildLog } from './child-log';
import { ending, readyLine, signalGroup, startProcess } from './child-process';
import type { Command, ReadinessContext } from './child-process';
import { messageOf, OperatorError } from './system-error';

/**
 * Keeps one child process alive.
 *
 * - V1 A child gets a pipe as standard input and ends when it closes (see `child.ts`, `pipe-guard.ts`), whatever became of us.
 * - V2 A child leads its own process group: Ctrl-C on a terminal reaches only us, and we end the children in order.
 * - V3 Until its first readiness a child may die a few times, then starting it is given up. Afterwards it is started again for ever.
 */
export interface ChildSpec {
  readonly name: string;
  readonly logFile: string;
  readonly stopGraceMs: number;
  readonly readyTimeoutMs: number;
  /** Asked before every start: a port may have been taken since. */
  launch(): Promise<Launch>;
}

export interface Launch extends Command {
  readonly started?: (pid: number) => Promise<void>;
  /** Settles when the child can be used; absent: it says so itself, by a line on standard output. */
  readonly probe?: (signal: AbortSignal) => Promise<void>;
}

export interface ChildStatus {
  readonly pid: number | null;
  readonly state: 'starting' | 'ready' | 'waiting' | 'stopped';
  /** Starts after the first one. */
  readonly restarts: number;
}

const startsBeforeReady = 3;
/** Who lived so long did work: its death is an accident, not a fault that the next start would meet again at once. */
const livedWellMs = 2_000;

/** 100 ms at first, so that a killed worker is missed for less than a second; never more than ten seconds. */
export function restartDelayMs(consecutiveDeaths: number): number {
  return Math.min(10_000, 100 * 2 ** Math.max(0, consecutiveDeaths - 1));
}

export class SupervisedChild {
  #status: ChildStatus = { pid: null, state: 'stopped', restarts: 0 };
  #process: ChildProcess | null = null;
  #running: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(
    readonly spec: ChildSpec,
    private readonly onChange: (name: string, status: ChildStatus) => void,
  ) {}

  get status(): ChildStatus {
    return this.#status;
  }

  /** Settles at the first readiness; rejects when starting is given up. */
  start(): Promise<ReadyLine> {
    return new Promise((resolve, reject) => {
      this.#running = this.#keepAlive(resolve).catch(reject);
    });
  }

  /** Clean end: the pipe is closed and SIGTERM sent; after the grace time the whole group is killed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#process !== null) await this.#end(this.#process);
    await this.#running;
    this.#set({ pid: null, state: 'stopped' });
  }

  /** At once, without grace. */
  kill(): void {
    this.#stopping.abort();
    if (this.#process !== null) signalGroup(this.#process, 'SIGKILL');
  }

  async #keepAlive(onFirstReady: (info: ReadyLine) => void): Promise<void> {
    let wasReady = false;
    let deaths = 0;
    while (!this.#stopping.signal.aborted) {
      const startedAt = Date.now();
      const ending = await this.#lifetime((info) => {
        wasReady = true;
        onFirstReady(info);
      });
      if (this.#stopping.signal.aborted) return;
      deaths = Date.now() - startedAt > livedWellMs ? 1 : deaths + 1;
      if (!wasReady && deaths >= startsBeforeReady) throw await this.#givenUp(ending);
      this.#set({ pid: null, state: 'waiting', restarts: this.#status.restarts + 1 });
      await delay(restartDelayMs(deaths), this.#stopping.signal);
    }
  }

  /** What prevents a start counts as a death, so that it is tried again. */
  async #lifetime(onReady: (info: ReadyLine) => void): Promise<string> {
    try {
      return await this.#launchOnce(onReady);
    } catch (error) {
      if (this.#process !== null) await this.#end(this.#process);
      this.#process = null;
      return `could not be started (${messageOf(error)})`;
    }
  }

  async #launchOnce(onReady: (info: ReadyLine) => void): Promise<string> {
    const launch = await this.spec.launch();
    const log = await openLog(this.spec.logFile);
    try {
      // Whoever stops us now waits for the loop, not for a process: none may come into being any more.
      return this.#stopping.signal.aborted ? 'was not started' : await this.#processLifetime(launch, log, onReady);
    } finally {
      log.close();
    }
  }

  /** From start to end of one process; answers how it ended. */
  async #processLifetime(launch: Launch, log: ChildLog, onReady: (info: ReadyLine) => void): Promise<string> {
    const child = startProcess(launch, log);
    const ended = ending(child);
    this.#process = child;
    this.#set({ pid: child.pid ?? null, state: 'starting' });
    const over = new AbortController();
    void ended.then(() => over.abort());
    if (child.pid !== undefined) await launch.started?.(child.pid);

    const readyInTime = AbortSignal.any([over.signal, AbortSignal.timeout(this.spec.readyTimeoutMs)]);
    void this.#readiness(child, launch, { log, signal: readyInTime }).then(
      (info) => {
        if (over.signal.aborted) return;
        this.#set({ pid: child.pid ?? null, state: 'ready' });
        onReady(info);
      },
      () => signalGroup(child, 'SIGKILL'),
    );
    const description = await ended;
    this.#process = null;
    signalGroup(child, 'SIGKILL');
    child.stdin?.destroy();
    return description;
  }

  #readiness(child: ChildProcess, launch: Launch, context: ReadinessContext): Promise<ReadyLine> {
    const line = readyLine(child, context);
    if (launch.probe === undefined) return line;
    // Its output still goes to the log; only the probe decides.
    void line.catch(() => undefined);
    return launch.probe(context.signal).then(() => ({ ready: true }));
  }

  async #end(child: ChildProcess): Promise<void> {
    const ended = ending(child);
    child.stdin?.end();
    signalGroup(child, 'SIGTERM');
    const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), this.spec.stopGraceMs);
    await ended;
    clearTimeout(killer);
  }

  async #givenUp(ending: string): Promise<OperatorError> {
    const tail = await tailOfLog(this.spec.logFile);
    return new OperatorError({
      code: 'CHILD_NOT_READY',
      message: `Cannot start ${this.spec.name}: it ${ending}, ${String(startsBeforeReady)} times in a row, before it was ready`,
      hint: `Its log is ${this.spec.logFile}${tail === '' ? '' : `, and ends with:\n${tail}`}`,
    });
  }

  #set(change: Partial<ChildStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.onChange(this.spec.name, this.#status);
  }
}

async function delay(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), ms);
  await once(AbortSignal.any([signal, timer.signal]), 'abort');
  clearTimeout(timeout);
}
