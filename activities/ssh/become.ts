import type { TargetHost } from '../connector';
import { SshFailure } from './failures';
import { quote } from './quote';

export interface Wrapped {
  readonly command: string;
  /** A line that the wrapping program reads before the launcher's text. */
  readonly stdinPrefix: string;
}

/** The whole launcher runs as the other user: killing a group then needs no right that the login user has not (D3). */
export function become(host: TargetHost, command: string): Wrapped {
  const { as } = host;
  if (as === undefined || as === host.user) return { command: `exec ${command}`, stdinPrefix: '' };
  const { method, passwordValue } = host.become;
  switch (method) {
    case 'sudo':
      return passwordValue === undefined
        ? { command: `exec sudo -n -H -u ${quote(as)} -- ${command}`, stdinPrefix: '' }
        : { command: `exec sudo -S -p '' -H -u ${quote(as)} -- ${command}`, stdinPrefix: `${passwordValue}\n` };
    case 'doas':
      return { command: `exec doas -n -u ${quote(as)} ${command}`, stdinPrefix: '' };
    case 'none':
      throw new SshFailure(
        'SSH_BECOME_REFUSED',
        `Cannot become "${as}" on "${host.name}": the inventory says "become: {method: none}"`,
      );
  }
}
