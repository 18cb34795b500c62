import { z } from 'zod';

import { RequestError } from './errors';

/** Where a list goes on, as text that nobody needs to look into. */
export const CursorText = z.string().min(1).max(2_000);

export function cursorOf(place: z.core.util.JSONType): string {
  return Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');
}

export function placeOf<T>(cursor: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonIn(cursor));
  if (parsed.success) return parsed.data;
  throw new RequestError('REQUEST_INVALID', `Cannot go on after "${cursor.slice(0, 40)}": not a cursor of this list`);
}

function jsonIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
