import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { childEnvironment } from './config';
import type { Places } from './config';
import { findProgram, runProgram } from './program';

export interface BuildRequest {
  readonly output: string;
  readonly moduleDirectory: string;
  readonly places: Places;
  readonly progress: (line: string) => void;
}

const buildTimeoutMs = 30 * 60_000;
const reportEveryMs = 15_000;

/** A build from the pinned module: about three minutes the first time, seconds when Go's own caches are warm. */
export async function buildTemporal(request: BuildRequest): Promise<void> {
  const go = await findProgram('go', request.places.path);
  if (go === null) throw new Error('no program "go" on PATH');
  await access(join(request.moduleDirectory, 'go.sum'));

  request.progress('building the Temporal server with Go: about three minutes the first time');
  const startedAt = Date.now();
  const report = setInterval(() => {
    request.progress(`building the Temporal server: ${String(Math.round((Date.now() - startedAt) / 1000))} s so far`);
  }, reportEveryMs);
  try {
    const args = ['build', '-mod=readonly', '-trimpath', '-ldflags', '-s -w', '-o', request.output];
    const result = await runProgram(go, [...args, 'github.com/temporalio/cli/cmd/temporal'], {
      cwd: request.moduleDirectory,
      env: childEnvironment({ CGO_ENABLED: '0', PATH: request.places.path.join(delimiter) }),
      timeoutMs: buildTimeoutMs,
    });
    if (result.exitCode !== 0)
      throw new Error(`go build ended with ${String(result.exitCode)}: ${lastLine(result.stderr)}`);
  } finally {
    clearInterval(report);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
