import type { z } from 'zod';

import type { Query } from '../typed/path';
import type { ApiClient } from './api-client';

const rowsAtOnce = 200;

/** Page after page: what a verb lists, it lists all of. */
export async function everyPage<T extends { readonly next: string | null }>(
  api: ApiClient,
  { path, query = {} }: { readonly path: string; readonly query?: Query },
  page: z.ZodType<T>,
): Promise<readonly T[]> {
  const pages: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { limit: rowsAtOnce, ...query, ...(cursor === undefined ? {} : { cursor }) };
    const found: T = await api.get(path, asked, page);
    pages.push(found);
    cursor = found.next;
  }
  return pages;
}
