import { assignment, quote } from './quote';
import { fixedPath } from './launcher';

/** What the launcher's child runs. It travels on stdin, as everything does. */
export interface CommandParts {
  /** Words of the command; absent with a script. */
  readonly words: readonly string[];
  /** Stored in the job's directory; its path is appended to the words. */
  readonly script?: string;
  readonly env: { readonly [name: string]: string };
  readonly cwd?: string;
  readonly umask: string;
  /** Handed over through a pipe; never stored. */
  readonly stdin?: Uint8Array;
}

/** Exit code when the command could not even be prepared (directory or stdin). */
const notPrepared = 125;

/** Two functions for the launcher: `m_files` stores what must be there before anything starts, `m_command` ends by `exec`. */
export function commandText(parts: CommandParts): string {
  const lines = [
    'm_files() {',
    scriptLine(parts.script),
    '}',
    'm_command() {',
    'umask 077',
    `export PATH=${fixedPath} LC_ALL=C.UTF-8 MAINSTAY_OUTPUT="$job/output"`,
    ...stdinLines(parts.stdin),
    `umask ${quote(parts.umask)}`,
    // `sudo` keeps the directory of the login user, which the target user may not even see.
    parts.cwd === undefined ? 'cd 2>/dev/null || cd /' : `cd -- ${quote(parts.cwd)} || exit ${notPrepared}`,
    ...Object.entries(parts.env).map(([name, value]) => `export ${assignment(name, value)}`),
    `set -- ${parts.words.map(quote).join(' ')}${parts.script === undefined ? '' : ' "$job/script"'}`,
    'exec setsid "$@"',
    '}',
  ];
  return lines.join('\n');
}

export function interpreterWords(shell: 'sh' | 'bash' | 'python3' | readonly string[]): readonly string[] {
  if (typeof shell !== 'string') return shell;
  switch (shell) {
    case 'sh':
      return ['/bin/sh', '-eu'];
    case 'bash':
      return ['bash', '-euo', 'pipefail'];
    case 'python3':
      return ['python3'];
  }
}

function scriptLine(script: string | undefined): string {
  if (script === undefined) return ':';
  return `printf '%s' ${quote(script)} >"$job/script" && chmod 700 "$job/script"`;
}

/** The writer is a grandchild that nobody waits for: the command must not find a child that it did not start. */
function stdinLines(stdin: Uint8Array | undefined): readonly string[] {
  if (stdin === undefined) return [];
  const encoded = Buffer.from(stdin).toString('base64');
  return [
    `m_stdin=${quote(encoded)}`,
    `mkfifo "$job/in" || exit ${notPrepared}`,
    `( ( printf '%s' "$m_stdin" | base64 -d >"$job/in" ) >/dev/null 2>&1 & )`,
    'exec <"$job/in"; rm -f "$job/in"',
  ];
}
