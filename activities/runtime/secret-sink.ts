import type { OperationPlan } from '../../workflows/runbook/plan';
import type { OperationResult, OutputSink } from '../connector';

const heldLimitBytes = 64 * 1024;

/**
 * Output of a step that captures a secret. What it prints is never kept; its errors are held until the secret is known, and
 * hidden then.
 */
export class SecretSink implements OutputSink {
  readonly #held: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  #heldBytes = 0;
  #isFull = false;

  write(stream: 'stdout' | 'stderr', offset: number, bytes: Uint8Array): void {
    // A piece is held whole or not at all: a part of a secret would not be found. After one that is not, there would be a hole.
    this.#isFull ||= stream === 'stderr' && this.#heldBytes + bytes.byteLength > heldLimitBytes;
    if (stream === 'stdout' || this.#isFull) return;
    this.#heldBytes += bytes.byteLength;
    this.#held.push({ offset, bytes: Buffer.from(bytes) });
  }

  async keepErrors(sink: OutputSink & { close(): Promise<void> }): Promise<void> {
    for (const { offset, bytes } of this.#held) sink.write('stderr', offset, bytes);
    await sink.close();
  }
}

/** What a result holds that nobody but a later step may see. */
export function secretsCaptured({ capture }: OperationPlan, { result }: OperationResult): readonly string[] {
  if (capture.format !== 'secret') return [];
  const texts = [result['stdout'], result['file']].filter((text) => typeof text === 'string').map(String);
  return texts.map((text) => text.replace(/[\r\n]+$/, '')).filter((text) => text !== '');
}

/** A digest of a short secret is as good as the secret. */
export function withoutDigests({ capture }: OperationPlan, result: OperationResult): OperationResult {
  if (capture.format !== 'secret') return result;
  const { output: _digests, ...rest } = result;
  return rest;
}
