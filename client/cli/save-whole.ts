import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** Writes a file that others see whole or not at all, also when the machine goes down. Answers how many bytes it has. */
export async function saveWhole(
  file: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onWritten: (sizeBytes: number) => void = () => undefined,
): Promise<number> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const sizeBytes = await write(draft, pieces, onWritten);
    await rename(draft, file);
    return sizeBytes;
  } finally {
    await rm(draft, { force: true });
  }
}

async function write(
  draft: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onWritten: (sizeBytes: number) => void,
): Promise<number> {
  const handle = await open(draft, 'wx');
  try {
    let sizeBytes = 0;
    for await (const piece of pieces) {
      await handle.writeFile(piece);
      sizeBytes += piece.length;
      onWritten(sizeBytes);
    }
    await handle.sync();
    return sizeBytes;
  } finally {
    await handle.close();
  }
}
