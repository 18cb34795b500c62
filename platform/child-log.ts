import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';

/** The log file of a child process. The child writes to the descriptor itself, so nothing is lost when we die. */
export interface ChildLog {
  readonly descriptor: number;
  write(text: string): void;
  close(): void;
}

const rotateAtBytes = 10 * 1024 * 1024;
const tailLines = 5;

/** Appends. A file that has grown large is put aside as `<file>.1` first. */
export async function openLog(file: string): Promise<ChildLog> {
  await rotate(file);
  const descriptor = openSync(file, 'a', 0o600);
  let open = true;
  return {
    descriptor,
    write: (text) => {
      if (open) writeSync(descriptor, text);
    },
    close: () => {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

export async function tailOfLog(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-tailLines).join('\n');
}

async function rotate(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found !== null && found.size > rotateAtBytes) await rename(file, `${file}.1`);
}
