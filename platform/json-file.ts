import { readFile } from 'node:fs/promises';

import type { z } from 'zod';

import { hasCode } from './system-error';

/** Null when there is no such file. */
export async function readFileIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null;
    throw error;
  }
}

/** Null when there is no such file, or when what it says is not a record of this kind. */
export async function readRecordIfThere<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFileIfThere(path);
  if (text === null) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
