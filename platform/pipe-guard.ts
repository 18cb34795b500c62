/**
 * A program that knows nothing of us dies with its parent: the wrapper turns itself into the program, and a watcher beside it
 * reads the pipe on standard input. At its end (we closed it, or were killed) the watcher ends the program.
 *
 * - G1 `exec`: the process that we started is the program itself, so its number, signals and exit code are the program's.
 * - G2 Only the watcher holds the pipe (`3<&-`): neither the program nor what it starts inherits a descriptor that it knows nothing of.
 * - G3 A job in the background gets /dev/null as its standard input in sh: the pipe is moved to descriptor 3 first.
 */
const wrapper = `exec 3<&0 </dev/null
(
  exec </dev/null >/dev/null 2>&1
  while read -r line <&3; do :; done
  kill -TERM $$
  waited=0
  while kill -0 $$ && [ "$waited" -lt "$GRACE_SECONDS" ]; do sleep 1; waited=$((waited + 1)); done
  kill -KILL $$
) &
exec "$@" 3<&-`;

export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export function guardedByPipe(command: string, args: readonly string[], graceSeconds = 10): GuardedCommand {
  const script = wrapper.replace('$GRACE_SECONDS', String(graceSeconds));
  return { command: '/bin/sh', args: ['-c', script, 'sh', command, ...args] };
}
