import type { Terminal } from '../../../client/cli/terminal';

export interface RecordingTerminal extends Terminal {
  readonly stdout: string[];
  readonly stderr: string[];
}

/** Keeps what a command wrote, line by line. */
export function recordingTerminal(interactive = false): RecordingTerminal {
  const stdout: string[] = [];
  const stderr: string[] = [];
  return {
    interactive,
    stdout,
    stderr,
    out: (text) => void stdout.push(text),
    note: (text) => void stderr.push(text),
    outBytes: (bytes) => void stdout.push(Buffer.from(bytes).toString('utf8')),
  };
}
