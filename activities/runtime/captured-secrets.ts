import type { Seal } from '../../platform/seal';
import { SecretError } from '../../platform/secrets';
import { digestOf } from '../../platform/store/blobs';
import type { OutputAddress } from '../../platform/store/store';
import { joinPath, segment } from '../../workflows/domain/effect-path';
import type { HostRow } from '../../workflows/domain/journal';
import type { Json, JsonObject } from '../../workflows/domain/json';
import { isObject } from '../../workflows/domain/json-values';
import type { CapturedSecret } from '../../workflows/domain/secret-reference';
import type { Batch, Unit } from './batch';
import { rowsOfStep } from './host-records';

const sealedLimitBytes = 256 * 1024;

/**
 * What a step captures as a secret lies sealed beside the output of the run, and goes with it. The row says where; nothing of it
 * is in the journal, which is kept.
 *
 * Each one has a place of its own: what stands in an output stays, so a worker that captures again after one that was lost would
 * leave a mixture of both where the first began.
 */
export async function keepSealed(batch: Batch, path: string, captured: JsonObject): Promise<JsonObject> {
  const { secret } = captured;
  if (typeof secret !== 'string') return captured;
  const { runId, phase, generation } = batch.request;
  const place = joinPath(path, segment('sample', digestOf(Buffer.from(secret)).slice(0, 12)));
  await batch.deps.store.outputs.write({ runId, path: place, phase, generation }, 'secret', 0, Buffer.from(secret));
  return { ...captured, secret: place };
}

/** What an earlier step of this run has captured as a secret, opened for one call. */
export async function openCaptured(batch: Batch, unit: Unit, captured: CapturedSecret): Promise<string> {
  const { store, seal } = batch.deps;
  const names = captured.ofHost && unit.host !== null ? { names: [unit.host.name] } : {};
  const rows = await rowsOfStep(store, batch.request, { id: captured.step, ...names });
  const place = newestPlace(rows, batch.request.runId);
  if (place === null) throw missing(captured, 'the step has captured nothing');
  const sealed = Buffer.from(await store.outputs.read(place, 'secret', 0, sealedLimitBytes)).toString('utf8');
  if (sealed === '') throw missing(captured, 'it went with the output of the run');
  const text = textAt(opened(seal, sealed, captured), captured.path);
  if (text === null) throw missing(captured, `there is no text at "${captured.path}"`);
  return text;
}

function opened(seal: Seal, sealed: string, captured: CapturedSecret): string {
  try {
    return seal.open(sealed);
  } catch (error) {
    throw missing(captured, 'it was sealed with another key', { cause: error });
  }
}

/** The last generation is the one that counts. */
function newestPlace(rows: readonly HostRow[], runId: string): OutputAddress | null {
  let newest: OutputAddress | null = null;
  for (const { captured, phase, generation } of rows) {
    const { secret: path } = captured;
    const isNewer = newest === null || generation > newest.generation;
    if (phase === 'do' && typeof path === 'string' && isNewer) newest = { runId, path, phase, generation };
  }
  return newest;
}

/** Of a command the output itself, of an operation a text inside its answer. */
function textAt(opened: string, path: string): string | null {
  if (path === 'stdout' || path === 'result.stdout') return opened;
  const [, ...rest] = path.split('.');
  let value: Json | undefined = JSON.parse(opened);
  for (const part of rest) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function missing({ step }: CapturedSecret, found: string, options?: ErrorOptions): SecretError {
  return new SecretError('SECRET_MISSING', `Cannot find the secret that step "${step}" captures: ${found}`, options);
}
