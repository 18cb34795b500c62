import { z } from 'zod';

import { replaceFile } from './data-directory';
import type { DataPaths } from './data-directory';
import { readFileIfThere } from './json-file';
import { OperatorError } from './system-error';
import { temporalVersions } from './temporal-version';
import type { TemporalVersions } from './temporal-version';

const VersionsRecord = z.object({
  temporalServer: z.string(),
  temporalProgram: z.string().default(temporalVersions.program),
});

/** A data directory stays with the server version that made its file, until `mainstay upgrade` moves it (D15). */
export async function claimServerVersion(paths: DataPaths): Promise<TemporalVersions> {
  const recorded = await readServerVersion(paths);
  if (recorded !== null) return recorded;
  await recordServerVersion(paths, temporalVersions);
  return temporalVersions;
}

/** Null: no server has run here yet. */
export async function readServerVersion(paths: DataPaths): Promise<TemporalVersions | null> {
  const text = await readFileIfThere(paths.versions);
  if (text === null) return null;
  const record = parseRecord(paths, text);
  // Of our own version we know more than was recorded: the digests of its archives.
  if (record.temporalServer === temporalVersions.server) return temporalVersions;
  return { program: record.temporalProgram, server: record.temporalServer, archives: {} };
}

export function recordServerVersion(paths: DataPaths, versions: TemporalVersions): Promise<void> {
  const record: z.infer<typeof VersionsRecord> = {
    temporalServer: versions.server,
    temporalProgram: versions.program,
  };
  return replaceFile(paths.versions, `${JSON.stringify(record)}\n`);
}

function parseRecord(paths: DataPaths, text: string): z.infer<typeof VersionsRecord> {
  try {
    return VersionsRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new OperatorError({
      code: 'SERVER_VERSION_UNREADABLE',
      message: `Cannot tell the server version of "${paths.directory}": "${paths.versions}" is damaged`,
      hint: 'The file temporal-<version>.db beside it names the version; write {"temporalServer":"<version>"} into the damaged one.',
      cause,
    });
  }
}
