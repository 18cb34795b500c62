import type { Json, JsonObject } from '../../workflows/domain/json';

/** Fields that name the machine or the process that recorded, or where its code lay. */
const machineFields = ['identity', 'stackTrace', 'encodedAttributes'];

/** A history as it may be published: what a replay looks at, and nothing of the machine. */
export function scrub(value: Json): Json {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !machineFields.includes(name));
  const scrubbed: JsonObject = Object.fromEntries(kept.map(([name, inner]) => [name, scrub(inner)]));
  // The name of a sticky queue begins with the identity of its worker.
  return scrubbed['kind'] === 'TASK_QUEUE_KIND_STICKY' ? { ...scrubbed, name: 'sticky' } : scrubbed;
}
