import type { FailureSpec } from '../failure-spec';

/** Why an operation over SSH failed. `retry`: a new generation may help without anybody changing anything. */
export const sshFailures = {
  SSH_UNREACHABLE: {
    retry: true,
    hint: 'Check that the host answers on its SSH port, and the way to it (jump hosts, firewall).',
  },
  SSH_CONNECTION_INVALID: { retry: false, hint: 'Check the settings of the connection.' },
  SSH_AUTH_REJECTED: { retry: false, hint: 'Check user, key, agent or password of the connection.' },
  SSH_HOST_KEY_MISMATCH: {
    retry: false,
    hint: 'The host shows another key than the known one. Find out why before changing the inventory or the known hosts file.',
  },
  SSH_HOST_KEY_UNKNOWN: {
    retry: false,
    hint: 'Add the host key to the inventory ("hostKey") or the known hosts file, or choose "hostKeys: accept-new" in the connection.',
  },
  SSH_HANDSHAKE_FAILED: {
    retry: false,
    hint: 'Server and client share no algorithm; look at the message and the server configuration.',
  },
  SSH_KEY_UNUSABLE: { retry: false, hint: 'The private key cannot be read or parsed, or it needs a passphrase.' },
  SSH_JOB_DIR_UNUSABLE: {
    retry: false,
    hint: 'The job directory must be on a disk with free space, owned by the user of the job, and no link. Nothing was started.',
  },
  SSH_SHELL_UNUSABLE: {
    retry: false,
    hint: 'The login shell of the user must run commands (not nologin, no forced command).',
  },
  SSH_BECOME_REFUSED: {
    retry: false,
    hint: 'Allow the login user to become the other one without a terminal, or give "become.password".',
  },
  SSH_FENCED: { retry: false, hint: 'A newer holder of the lock has used this host. Nothing was started.' },
  EXIT_CODE: { retry: true, hint: 'The command ended with another exit code than 0; its output says why.' },
  TIMEOUT: {
    retry: true,
    hint: 'The command ran longer than its time limit and was ended. Raise "timeout" or find out what it waited for.',
  },
  JOB_CANCELLED: { retry: false, hint: 'The job was ended, or kept from starting, by a cancel.' },
  JOB_VANISHED: {
    retry: false,
    hint: 'The job was started, and neither it nor its result is there. Look at the host, then answer the task.',
  },
  JOB_LOST_BY_REBOOT: {
    retry: false,
    hint: 'The host was restarted while the job ran. Look at the host, then answer the task.',
  },
  JOB_UNCONFIRMED: {
    retry: false,
    hint: 'The connection was lost after the job had been sent, or the job could not be ended. Look at the host, then answer the task.',
  },
  FILE_INVALID: { retry: false, hint: 'The check command refused the new file; the old one stands.' },
  FILE_UNREADABLE: {
    retry: false,
    hint: 'Check that the file exists, is readable for the user, and is within the size limit.',
  },
  FILE_UNWRITABLE: {
    retry: false,
    hint: 'Check that the directory exists and is writable for the user, and that owner and group exist.',
  },
  REBOOT_UNCONFIRMED: { retry: false, hint: 'The host did not come back with another boot id in time.' },
} as const satisfies Record<string, FailureSpec>;

export type SshFailureCode = keyof typeof sshFailures;

/** Definitive trouble of a connection: nothing was sent to the host. Caught by the operations, which return it as a value. */
export class SshFailure extends Error {
  override readonly name = 'SshFailure';
  constructor(
    readonly code: SshFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function isSshFailure(error: unknown): error is SshFailure {
  return error instanceof Error && error.name === 'SshFailure';
}
