import { z } from 'zod';

import { compareText } from '../../platform/store/text-order';
import { cursorOf, CursorText, placeOf } from './cursor';

/** What every list takes: how many, and where the page before has ended. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** What the page before says as `next`. */
  cursor: CursorText.exactOptional(),
} as const;

/** Ask on with this as `cursor`; null: there is nothing further. */
export const Next = z.string().nullable();

interface PageAsked {
  readonly limit: number;
  readonly cursor?: string;
}

type Key = readonly (string | number)[];

export interface Order<T> {
  /** Tells rows apart, and is what they are sorted by. */
  readonly keyOf: (row: T) => Key;
  readonly compare?: (one: Key, other: Key) => number;
}

/**
 * A page of rows that are all at hand. It goes on behind where the one before has ended, also where that row is gone meanwhile: nothing
 * comes twice, and nothing that was there all the time is left out.
 */
export function pageOf<T>(
  rows: readonly T[],
  { limit, cursor }: PageAsked,
  { keyOf, compare = compareKeys }: Order<T>,
): { readonly page: T[]; readonly next: string | null } {
  const after = cursor === undefined ? null : placeOf(cursor, Place);
  const sorted = rows
    .map((row) => ({ row, key: keyOf(row) }))
    .filter(({ key }) => after === null || compare(key, after) > 0)
    .toSorted((one, other) => compare(one.key, other.key));
  const shown = sorted.slice(0, limit);
  const last = shown.at(-1);
  return {
    page: shown.map(({ row }) => row),
    next: last !== undefined && sorted.length > limit ? cursorOf([...last.key]) : null,
  };
}

const Place = z
  .array(z.union([z.string(), z.number()]))
  .min(1)
  .max(5);

export function compareKeys(one: Key, other: Key): number {
  for (const [index, part] of one.entries()) {
    const difference = compareParts(part, other[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareParts(one: string | number, other: string | number): number {
  return typeof one === 'number' && typeof other === 'number' ? one - other : compareText(String(one), String(other));
}
