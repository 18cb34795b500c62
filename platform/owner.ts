import { z } from 'zod';

import { replaceFile } from './data-directory';
import type { DataPaths } from './data-directory';
import { takeFileLock } from './file-lock';
import type { FileLock } from './file-lock';
import { readRecordIfThere } from './json-file';
import { OperatorError } from './system-error';

const OwnerRecord = z.object({ pid: z.int(), since: z.string() });

/** One `up` per data directory. Answers the lock, or refuses and says who holds it. */
export async function takeOwnership(paths: DataPaths): Promise<FileLock> {
  const lock = takeFileLock(paths.owner);
  if (lock === null) throw await alreadyOwned(paths);
  await replaceFile(paths.ownerRecord, `${JSON.stringify({ pid: process.pid, since: new Date().toISOString() })}\n`);
  return lock;
}

async function alreadyOwned(paths: DataPaths): Promise<OperatorError> {
  const record = await readRecordIfThere(paths.ownerRecord, OwnerRecord);
  const holder = record === null ? 'another process' : `process ${String(record.pid)} since ${record.since}`;
  return new OperatorError({
    code: 'DATA_DIRECTORY_IN_USE',
    message: `Cannot use data directory "${paths.directory}": it is held by ${holder}`,
  });
}
