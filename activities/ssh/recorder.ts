import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

import type { OutputSink, OutputSummary } from '../connector';

/** Kept for the result; the whole goes to the output store. */
const inlineBytes = 256 * 1024;

/** Follows both streams of a job across connections: how far they are known, their digests, and their beginnings. */
export class OutputRecorder {
  readonly stdout: StreamRecorder;
  readonly stderr: StreamRecorder;

  constructor(sink: OutputSink, limitBytes = inlineBytes) {
    this.stdout = new StreamRecorder('stdout', sink, limitBytes);
    this.stderr = new StreamRecorder('stderr', sink, limitBytes);
  }

  onStdout(bytes: Buffer): void {
    this.stdout.add(bytes);
  }

  onStderr(bytes: Buffer): void {
    this.stderr.add(bytes);
  }

  summary(): OutputSummary {
    return {
      stdoutBytes: this.stdout.sizeBytes,
      stderrBytes: this.stderr.sizeBytes,
      stdoutDigest: this.stdout.digest(),
      stderrDigest: this.stderr.digest(),
    };
  }
}

export class StreamRecorder {
  sizeBytes = 0;
  private readonly hash: Hash = createHash('sha256');
  private readonly kept: Buffer[] = [];
  private keptBytes = 0;
  private digestText: string | null = null;

  constructor(
    private readonly stream: 'stdout' | 'stderr',
    private readonly sink: OutputSink,
    private readonly limitBytes: number,
  ) {}

  add(bytes: Buffer): void {
    this.sink.write(this.stream, this.sizeBytes, bytes);
    this.sizeBytes += bytes.length;
    this.hash.update(bytes);
    if (this.keptBytes >= this.limitBytes) return;
    const part = bytes.subarray(0, this.limitBytes - this.keptBytes);
    this.kept.push(part);
    this.keptBytes += part.length;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.kept);
  }

  get truncated(): boolean {
    return this.sizeBytes > this.keptBytes;
  }

  digest(): string {
    this.digestText ??= this.hash.digest('hex');
    return this.digestText;
  }
}
