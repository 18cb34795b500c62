import type { OperationResult, OutputSink } from '../connector';
import type { Batch } from './batch';
import { Mask } from './masking';
import type { Operate } from './operate';
import { StoreSink } from './output-sink';
import { SecretSink, secretsCaptured } from './secret-sink';

/** `close`: nothing follows, and the call ended with this result, or with none. It answers what is to be said of the output. */
export interface OpenSink {
  readonly sink: OutputSink;
  readonly close: <R extends OperationResult | null>(result: R) => Promise<R>;
}

/** Where the output of one call goes. `secrets`: what the call was given. */
export function openSink(batch: Batch, asked: Operate, secrets: readonly string[]): OpenSink {
  const { runId, generation } = batch.request;
  const address = { runId, path: asked.path, phase: asked.phase, generation };
  const { outputs } = batch.deps.store;
  if (asked.operation.capture.format !== 'secret') {
    const sink = new StoreSink(outputs, address, new Mask(secrets));
    return {
      sink,
      async close(result) {
        await sink.close();
        return result === null || result.output === undefined
          ? result
          : { ...result, output: sink.digested(result.output) };
      },
    };
  }
  const sink = new SecretSink();
  return {
    sink,
    async close(result) {
      // Without a result nobody knows what to hide.
      if (result === null) return result;
      const mask = new Mask([...secrets, ...secretsCaptured(asked.operation, result)]);
      await sink.keepErrors(new StoreSink(outputs, address, mask));
      return result;
    },
  };
}
