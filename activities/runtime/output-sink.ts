import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

import type { OutputAddress, Outputs } from '../../platform/store/store';
import type { OutputSink, OutputSummary } from '../connector';
import type { Mask } from './masking';

type StreamName = 'stdout' | 'stderr';

interface Tail {
  /** Where the bytes that are held begin in the stream. */
  start: number;
  bytes: Buffer;
}

/** Of what has gone to the store, from the beginning of a stream without a gap. */
interface Kept {
  sizeBytes: number;
  readonly hash: Hash;
}

const flushBytes = 32 * 1024;
const flushAfterMs = 200;

/**
 * Output of one job on its way to the store. Bytes are gathered for a moment; the end of what has come is held back while it may
 * be the beginning of a secret.
 */
export class StoreSink implements OutputSink {
  readonly #tails: Record<StreamName, Tail> = {
    stdout: { start: 0, bytes: Buffer.alloc(0) },
    stderr: { start: 0, bytes: Buffer.alloc(0) },
  };
  readonly #kept: Record<StreamName, Kept> = {
    stdout: { sizeBytes: 0, hash: createHash('sha256') },
    stderr: { sizeBytes: 0, hash: createHash('sha256') },
  };
  #timer: NodeJS.Timeout | null = null;
  #writes: Promise<void>[] = [];
  #failure: unknown = null;

  constructor(
    private readonly outputs: Outputs,
    private readonly address: OutputAddress,
    private readonly mask: Mask,
  ) {}

  write(stream: StreamName, offset: number, bytes: Uint8Array): void {
    const tail = this.#tails[stream];
    if (offset !== tail.start + tail.bytes.length) {
      this.#emit(stream, 0);
      this.#tails[stream] = { start: offset, bytes: Buffer.from(bytes) };
    } else {
      tail.bytes = Buffer.concat([tail.bytes, bytes]);
    }
    if (this.#tails[stream].bytes.length >= flushBytes) this.#emit(stream, this.mask.holdBackBytes);
    this.#timer ??= setTimeout(() => this.#flushHeld(), flushAfterMs);
  }

  /** Nothing follows. Rejects when the store has refused something. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#emit('stdout', 0);
    this.#emit('stderr', 0);
    await Promise.all(this.#writes);
    if (this.#failure !== null) throw this.#failure;
  }

  /**
   * The digests of what was stored, once it is closed. A digest of what a job has really printed would let whoever guesses a secret
   * in it be sure; and nobody could hold it against what the store has.
   */
  digested(output: OutputSummary): OutputSummary {
    const { stdout, stderr } = this.#kept;
    return {
      ...output,
      ...(stdout.sizeBytes === output.stdoutBytes ? { stdoutDigest: stdout.hash.copy().digest('hex') } : {}),
      ...(stderr.sizeBytes === output.stderrBytes ? { stderrDigest: stderr.hash.copy().digest('hex') } : {}),
    };
  }

  #flushHeld(): void {
    this.#timer = null;
    this.#emit('stdout', this.mask.holdBackBytes);
    this.#emit('stderr', this.mask.holdBackBytes);
  }

  #emit(stream: StreamName, holdBackBytes: number): void {
    const tail = this.#tails[stream];
    const ready = tail.bytes.length - holdBackBytes;
    if (ready <= 0) return;
    // A secret may lie across the border: what is masked is the whole, and only then it is cut.
    const masked = Buffer.from(this.mask.bytes(tail.bytes));
    const rest = holdBackBytes === 0 ? Buffer.alloc(0) : tail.bytes.subarray(ready);
    this.#tails[stream] = { start: tail.start + ready, bytes: Buffer.from(rest) };
    const bytes = masked.subarray(0, ready);
    const kept = this.#kept[stream];
    if (tail.start === kept.sizeBytes) {
      kept.hash.update(bytes);
      kept.sizeBytes += bytes.length;
    }
    const write = this.outputs.write(this.address, stream, tail.start, bytes);
    this.#writes.push(
      write.catch((error: unknown) => {
        this.#failure ??= error;
      }),
    );
    if (this.#writes.length > 64) this.#writes = [Promise.all(this.#writes).then(() => undefined)];
  }
}
