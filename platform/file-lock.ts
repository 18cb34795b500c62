import Database from 'libsql';

import { messageOf } from './system-error';

/** Held until it is released or the process ends, however it ends: the kernel frees it. */
export interface FileLock {
  release(): void;
}

/**
 * An exclusive transaction on a small database file is the lock: Node has no `flock`, a file that says "locked" outlives its
 * writer, and this one does not. Null while another holds it.
 */
export function takeFileLock(file: string): FileLock | null {
  const database = new Database(file);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return { release: () => database.close() };
}

/** Waits for the lock; `onWait` is told once when there is something to wait for. */
export async function waitForFileLock(file: string, onWait: () => void): Promise<FileLock> {
  for (let tries = 0; ; tries += 1) {
    const lock = takeFileLock(file);
    if (lock !== null) return lock;
    if (tries === 0) onWait();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isBusy(error: unknown): boolean {
  return /SQLITE_BUSY|SQLITE_LOCKED|database is locked/.test(`${codeOf(error)} ${messageOf(error)}`);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
