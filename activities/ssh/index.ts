import type { ConnectorManifest } from '../connector';
import {
  CommandOutput,
  ExecInput,
  GetInput,
  GetOutput,
  PutInput,
  PutOutput,
  RebootInput,
  RebootOutput,
  RestoreInput,
  RestoreOutput,
  RunInput,
  SshConnection,
  WaitInput,
  WaitOutput,
} from './schema';

const minuteMs = 60_000;

export const sshManifest: ConnectorManifest = {
  name: 'ssh',
  title: 'Commands, scripts and files on hosts, over SSH',
  connection: SshConnection,
  operations: {
    exec: { title: 'Runs a command', on: 'host', input: ExecInput, output: CommandOutput, effect: 'journaled', light: false, timeoutMs: 10 * minuteMs },
    run: { title: 'Runs a script', on: 'host', input: RunInput, output: CommandOutput, effect: 'journaled', light: false, timeoutMs: 10 * minuteMs },
    put: { title: 'Puts a file in place', on: 'host', input: PutInput, output: PutOutput, effect: 'journaled', light: false, timeoutMs: 2 * minuteMs, inverse: 'restore' },
    restore: { title: 'Puts back what ssh.put replaced', on: 'host', input: RestoreInput, output: RestoreOutput, effect: 'journaled', light: false, timeoutMs: 2 * minuteMs },
    get: { title: 'Reads a file', on: 'host', input: GetInput, output: GetOutput, effect: 'read', light: false, timeoutMs: 2 * minuteMs },
    reboot: { title: 'Restarts the host and waits for it', on: 'host', input: RebootInput, output: RebootOutput, effect: 'probed', light: false, timeoutMs: 15 * minuteMs },
    wait: { title: 'Waits until the host answers', on: 'host', input: WaitInput, output: WaitOutput, effect: 'read', light: false, timeoutMs: 15 * minuteMs },
  },
};
