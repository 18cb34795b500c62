/**
 * Why the backup tool does not go with the server; null: it does, or what is backed up is no server. Its major version must be at least the
 * server's: an older one may leave an empty dump behind and say nothing. A version that cannot be read is never taken for one that fits.
 */
export function versionProblem(versions: { readonly tool: string; readonly server: string }): string | null {
  if (versions.server.trim() === '') return null;
  const tool = majorOf(versions.tool);
  const server = majorOf(versions.server);
  if (tool === null || server === null) {
    return `the versions "${versions.tool}" of the tool and "${versions.server}" of the server cannot be compared`;
  }
  return tool < server ? `the tool "${versions.tool}" is older than the server "${versions.server}"` : null;
}

/** The first number with a dot, or else the first at all: `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` is 15. */
function majorOf(version: string): number | null {
  const found = /(\d+)\.\d/.exec(version) ?? /(\d+)/.exec(version);
  return found === null ? null : Number(found[1]);
}
