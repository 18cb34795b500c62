import { createHash, randomBytes } from 'node:crypto';

import { effectKey } from '../../workflows/domain/effect-path';
import type { EffectIdentity } from '../../workflows/domain/effect-path';
import { launcherText } from './launcher-text';
import { assignment } from './quote';
import type { Trailer } from './trailer';

/** One request to the launcher: what to do, about which job. */
export type LauncherRequest =
  | { readonly mode: 'identify' }
  | ({
      readonly mode: 'start' | 'again';
      readonly command: string;
      readonly limitSeconds: number;
      readonly outputLimitBytes: number;
      readonly fences: { readonly [lock: string]: number };
    } & JobRequest)
  | ({
      readonly mode: 'attach';
      readonly watchSeconds: number;
      readonly outOffset: number;
      readonly errOffset: number;
    } & JobRequest)
  | ({ readonly mode: 'cancel'; readonly graceSeconds: number } & JobRequest)
  | { readonly mode: 'collect'; readonly rootId: string; readonly names: readonly string[] };

export interface JobRequest {
  /** Directory name of the job. */
  readonly name: string;
  readonly key: string;
  readonly rootId: string;
  /** Epoch ms of the host's boot: times in the job's files are relative to it. */
  readonly bootEpochMs: number;
}

export interface LauncherSurroundings {
  /** Empty: the default below `$HOME` of the user that runs the job. */
  readonly jobDir: string;
  readonly bootIdPath: string;
}

export interface LauncherCall {
  readonly nonce: string;
  /** One compound command: a shell that has not read all of it runs nothing of it. */
  readonly text: string;
}

/** TERM, then KILL after this many seconds (`language.md` section 5). */
export const graceSeconds = 10;
/** Tombstones stay this long (D3). */
const keepDays = 30;
const fileLimitBytes = 1024 * 1024;
/** What commands find, whatever the login environment says (`language.md` section 4). */
export const fixedPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function launcherCall(request: LauncherRequest, surroundings: LauncherSurroundings): LauncherCall {
  const nonce = randomBytes(8).toString('hex');
  const variables = {
    nonce,
    root: surroundings.jobDir,
    boot_path: surroundings.bootIdPath,
    ...requestVariables(request),
  };
  const lines = Object.entries(variables).map(([name, value]) => assignment(name, String(value)));
  const command = 'command' in request ? [request.command] : [];
  return { nonce, text: ['{', isolation, ...lines, ...command, 'm_request', '}', ''].join('\n') };
}

/** What a shell reads before its first request. */
export const launcherProgram = `PATH=${fixedPath}; export PATH\n${launcherText}\n`;

/** Names that the launcher uses must not be exported by the login environment: the command would inherit them. */
const isolation = [
  'unset nonce root name key root_id epoch grace watch file_limit limit blocks fences out_offset err_offset boot_path fresh names',
  'unset keep_days mode job up boot birth began code pid; set +eu',
].join('\n');

type Variables = { readonly [name: string]: string | number };

function requestVariables(request: LauncherRequest): Variables {
  switch (request.mode) {
    case 'identify':
      return { mode: request.mode, name: '', fresh: randomBytes(16).toString('hex') };
    case 'start':
    case 'again':
      return {
        ...jobVariables(request),
        ...offsets(0, 0),
        limit: request.limitSeconds,
        blocks: Math.ceil(request.outputLimitBytes / 512),
        fences: Object.entries(request.fences)
          .map(([lock, token]) => `${digestName(lock)}=${token}`)
          .join(' '),
      };
    case 'attach':
      return {
        ...jobVariables(request),
        ...offsets(request.outOffset, request.errOffset),
        watch: request.watchSeconds,
      };
    case 'cancel':
      return { ...jobVariables(request), ...offsets(0, 0), grace: request.graceSeconds };
    case 'collect':
      return {
        mode: request.mode,
        name: '',
        root_id: request.rootId,
        names: request.names.join(' '),
        keep_days: keepDays,
      };
  }
}

function jobVariables(request: JobRequest & { readonly mode: string }): Variables {
  const { mode, name, key, rootId, bootEpochMs } = request;
  return {
    mode,
    name,
    key,
    root_id: rootId,
    epoch: bootEpochMs,
    grace: graceSeconds,
    watch: 1,
    file_limit: fileLimitBytes,
  };
}

function offsets(out: number, err: number): Variables {
  return { out_offset: out, err_offset: err };
}

/** Directory name of a job: readable in front, unique behind. */
export function jobName(identity: EffectIdentity): string {
  return digestName(effectKey(identity));
}

/** Where `ssh.put` keeps what it replaced: the same for every generation and for the undo. */
export function savedName(identity: EffectIdentity): string {
  return `saved-${digestName(`${identity.installation}/${identity.run}/${identity.path}`)}`;
}

function digestName(text: string): string {
  const readable = text.replace(/[^A-Za-z0-9.-]+/g, '_').slice(-80);
  return `${readable}-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/** What the host says about a job. */
export type JobState =
  | {
      readonly state: 'ended';
      readonly exitCode: number;
      readonly startedAt: number;
      readonly endedAt: number;
      readonly flag: JobFlag;
      readonly outputKept: boolean;
      /** The host could not store all of it: its disk was full, or the limit was reached. */
      readonly stdoutCut: boolean;
      readonly stderrCut: boolean;
    }
  | { readonly state: 'running' | 'unstarted' | 'missing' | 'moved' | 'vanished' | 'rebooted' | 'never' | 'collected' }
  | { readonly state: 'unusable'; readonly why: string }
  | { readonly state: 'fenced'; readonly lock: string; readonly held: string };

export type JobFlag = 'none' | 'timeout' | 'cancelled' | 'never' | 'stuck';

const plainStates = ['running', 'unstarted', 'missing', 'moved', 'vanished', 'rebooted', 'never', 'collected'] as const;
const flags = ['none', 'timeout', 'cancelled', 'never', 'stuck'] as const;

/** Null when the trailer makes no sense: the caller treats it like a lost connection. */
export function readJobState(trailer: Trailer): JobState | null {
  const state = trailer.fields.get('state');
  const plain = plainStates.find((known) => known === state);
  if (plain !== undefined) return { state: plain };
  if (state === 'unusable') return { state, why: trailer.fields.get('why') ?? 'unknown' };
  if (state === 'fenced')
    return { state, lock: trailer.fields.get('lock') ?? '', held: trailer.fields.get('held') ?? '' };
  return state === 'ended' ? readEnd(trailer) : null;
}

function readEnd(trailer: Trailer): JobState | null {
  const [code, began, ended, epoch, flagText, end] = trailer.words;
  const flag = flags.find((known) => known === flagText);
  if (end !== 'end' || flag === undefined) return null;
  const [exitCode, startUptime, endUptime, bootEpochMs] = [code, began, ended, epoch].map(Number);
  if (exitCode === undefined || startUptime === undefined || endUptime === undefined || bootEpochMs === undefined)
    return null;
  if (![exitCode, startUptime, endUptime, bootEpochMs].every(Number.isFinite)) return null;
  return {
    state: 'ended',
    exitCode,
    startedAt: Math.round(bootEpochMs + startUptime * 1000),
    endedAt: Math.round(bootEpochMs + endUptime * 1000),
    flag,
    outputKept: trailer.fields.get('kept') !== '0',
    stdoutCut: trailer.fields.has('cut_out'),
    stderrCut: trailer.fields.has('cut_err'),
  };
}

/** Who a host is: which job root, which boot, and when it booted. */
export interface HostIdentity {
  readonly rootId: string;
  readonly bootId: string;
  readonly bootEpochMs: number;
  readonly volatile: boolean;
}

export function readIdentity(trailer: Trailer): HostIdentity | null {
  const field = (name: string): string => trailer.fields.get(name) ?? '';
  const [rootId, bootId] = [field('root_id'), field('boot_id')];
  // busybox's date prints `%N` as it stands: whole seconds then.
  const seconds = Number(field('epoch').replace(/\.%?N$/, ''));
  const uptime = Number(field('up'));
  if (rootId === '' || bootId === '' || !Number.isFinite(seconds) || !Number.isFinite(uptime)) return null;
  return {
    rootId,
    bootId,
    bootEpochMs: Math.round((seconds - uptime) * 1000),
    volatile: ['tmpfs', 'ramfs'].includes(field('fs')),
  };
}
