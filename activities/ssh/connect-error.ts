import { messageOf } from '../../platform/system-error';
import { SshFailure } from './failures';
import { errorCode } from './target';
import type { SshTarget } from './target';

/** Another try may help: the server was busy, or not there yet. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/** The one place where errors of ssh2 and of sockets become ours (E4). */
export function castConnectError(error: unknown, target: SshTarget): SshFailure | TryAgain {
  const what = `Cannot connect to "${target.address}" port ${target.port} as "${target.user}"`;
  const text = messageOf(error);
  switch (levelOf(error)) {
    case 'client-authentication':
      return new SshFailure('SSH_AUTH_REJECTED', `${what}: the server accepted none of the credentials`, {
        cause: error,
      });
    case 'handshake':
      // A server that drops connections under load also ends here, with another text.
      return /lost|closed|timed out/i.test(text)
        ? new TryAgain(text, { cause: error })
        : new SshFailure('SSH_HANDSHAKE_FAILED', `${what}: ${text}`, { cause: error });
    case 'agent':
      return new SshFailure('SSH_AUTH_REJECTED', `${what}: ${text}`, { cause: error });
    default:
      break;
  }
  if (/cannot parse privatekey|encrypted private|bad passphrase|integrity check failed/i.test(text)) {
    return new SshFailure('SSH_KEY_UNUSABLE', `${what}: ${text}`, { cause: error });
  }
  if (/all configured authentication methods failed/i.test(text))
    return new SshFailure('SSH_AUTH_REJECTED', `${what}: ${text}`, { cause: error });
  return new TryAgain(reasonOf(error, text), { cause: error });
}

function reasonOf(error: unknown, text: string): string {
  switch (errorCode(error)) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'EHOSTUNREACH':
      return 'no route to host';
    case 'ENOTFOUND':
      return 'unknown host name';
    case 'ETIMEDOUT':
      return 'no answer';
    default:
      return text === '' ? 'connection failed' : text;
  }
}

function levelOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'level' in error && typeof error.level === 'string'
    ? error.level
    : '';
}
