import type { TargetHost } from '../connector';
import { SshFailure } from './failures';
import type { LineCommand } from './line';
import { quote } from './quote';

/** The password is read by sudo, or by this where sudo does not ask for it: the launcher's shell must not take it for a command. */
const programMark = '#program';
const skipToProgram = `while IFS= read -r m_line; do case $m_line in "${programMark}") exec "$@";; esac; done`;

export function becomesOther(host: TargetHost): boolean {
  return host.as !== undefined && host.as !== host.user;
}

/** The whole launcher runs as the other user: killing a group then needs no right that the login user has not (D3). */
export function become(host: TargetHost, shell: string): LineCommand {
  const { as } = host;
  if (as === undefined || !becomesOther(host)) return { command: `exec ${shell}`, stdinPrefix: '' };
  const { method, passwordValue } = host.become;
  switch (method) {
    case 'sudo':
      return passwordValue === undefined
        ? { command: `exec sudo -n -H -u ${quote(as)} -- ${shell}`, stdinPrefix: '' }
        : {
            command: `exec sudo -S -p '' -H -u ${quote(as)} -- ${shell} -c ${quote(skipToProgram)} mainstay ${shell}`,
            stdinPrefix: `${passwordValue}\n${programMark}\n`,
          };
    case 'doas':
      return { command: `exec doas -n -u ${quote(as)} ${shell}`, stdinPrefix: '' };
    case 'none':
      throw new SshFailure(
        'SSH_BECOME_REFUSED',
        `Cannot become "${as}" on "${host.name}": the inventory says "become: {method: none}"`,
      );
  }
}
