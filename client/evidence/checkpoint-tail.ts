import { open } from 'node:fs/promises';

import { numberIn, parsed } from './payload';

/** A line is some kilobytes at most: proofs grow with the logarithm of the tree. */
const tailBytes = 64 * 1024;

/** Number of the last checkpoint in a file; 0: it has none. What a crash has cut off in the middle of a line is taken away. */
export async function newestNumber(file: string): Promise<number> {
  const handle = await open(file, 'a+', 0o644);
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(size, tailBytes));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    const end = bytes.lastIndexOf('\n') + 1;
    if (end < bytes.length) await handle.truncate(size - bytes.length + end);
    const lines = bytes.subarray(0, end).toString('utf8').split('\n');
    return numberIn(parsed(lines.at(-2) ?? ''), 'number');
  } finally {
    await handle.close();
  }
}
