/**
 * What a repeat of an operation does to its target. The engine never repeats blindly:
 * `read` and `idempotent` are repeated freely; `keyed` is repeated with the same idempotency key; `journaled` re-attaches to the
 * job on the host; `probed` asks the target after an ambiguous failure; `unsafe` becomes `unknown` and a person is asked.
 */
export type EffectClass = 'read' | 'idempotent' | 'keyed' | 'journaled' | 'probed' | 'unsafe';

/** Nothing is lost or done twice when it is called again. */
export function isRepeatable(effect: EffectClass): boolean {
  return effect === 'read' || effect === 'idempotent';
}
