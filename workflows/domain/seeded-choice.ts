/**
 * One of so many, from 0: the same for the same seed, on every machine. The seed is written down beside what was chosen, so that anybody
 * can see that it was not picked by hand.
 */
export function seededIndex(seed: number, count: number): number {
  return Math.floor(fractionOf(seed) * count);
}

/** The first number of mulberry32, in [0, 1): seeds that are close to one another give numbers that are not. */
function fractionOf(seed: number): number {
  const state = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
