import { OutputPage } from '../../../client/api/schema';

export interface ReadPage {
  readonly chunks: readonly string[];
  readonly after: number;
  readonly complete: boolean;
}

/** A page of output as text: `path: text`. */
export function outputPage(body: unknown): ReadPage {
  const { chunks, after, complete } = OutputPage.parse(body);
  return {
    after,
    complete,
    chunks: chunks.map(({ path, base64 }) => `${path}: ${Buffer.from(base64, 'base64').toString()}`),
  };
}
