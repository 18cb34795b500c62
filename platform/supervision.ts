import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

import { ReadyLine } from './child';
import { openLog, tailOfLog } from './child-log';
import type { ChildLog } from './child-log';
import { OperatorError, messageOf } from './system-error';

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

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
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
const livedWellMs = 30_000;

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
      return await this.#processLifetime(await this.spec.launch(), onReady);
    } catch (error) {
      if (this.#process !== null) await this.#end(this.#process);
      return `could not be started (${messageOf(error)})`;
    }
  }

  /** From start to end of one process; answers how it ended. */
  async #processLifetime(launch: Launch, onReady: (info: ReadyLine) => void): Promise<string> {
    const log = await openLog(this.spec.logFile);
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
    log.close();
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
      message: `Cannot start ${this.spec.name}: it ${ending} ${String(startsBeforeReady)} times before it was ready`,
      hint: `Its log is ${this.spec.logFile}${tail === '' ? '' : `, and ends with:\n${tail}`}`,
    });
  }

  #set(change: Partial<ChildStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.onChange(this.spec.name, this.#status);
  }
}

interface ReadinessContext {
  readonly log: ChildLog;
  readonly signal: AbortSignal;
}

function startProcess(launch: Launch, log: ChildLog): ChildProcess {
  return spawn(launch.command, [...launch.args], {
    env: { ...launch.env },
    detached: true,
    stdio: ['pipe', 'pipe', log.descriptor],
  });
}

function ending(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve('ended');
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${messageOf(error)})`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`),
    );
  });
}

/** The first line that says so; every other line goes to the log. */
async function readyLine(child: ChildProcess, context: ReadinessContext): Promise<ReadyLine> {
  const { stdout } = child;
  if (stdout === null) throw new Error('Cannot read standard output: it is not a pipe');
  return new Promise((resolve, reject) => {
    context.signal.addEventListener('abort', () => reject(new Error('not ready in time')), { once: true });
    createInterface({ input: stdout }).on('line', (line) => {
      const ready = parseReadyLine(line);
      if (ready === null) context.log.write(`${line}\n`);
      else resolve(ready);
    });
  });
}

function parseReadyLine(line: string): ReadyLine | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = ReadyLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The child leads its group (V2), so the group's number is not given again while any of it lives. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

async function delay(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), ms);
  await once(AbortSignal.any([signal, timer.signal]), 'abort');
  clearTimeout(timeout);
}
