import { access, stat, statfs } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname } from 'node:path';

import Database from 'libsql';
import { Client } from 'pg';

import { ConfigError, readConfig } from './config';
import type { Config, Environment } from './config';
import { encryptsPayloads } from './data-converter';
import { dataPaths, findDataDirectory } from './data-directory';
import type { DataPaths } from './data-directory';
import { readEndpoint } from './endpoint';
import { examineChannels } from './examine-channels';
import { examineIdentity } from './examine-identity';
import { examineReach } from './examine-reach';
import { fail, ok, warn } from './finding';
import type { Finding } from './finding';
import { builtProgram } from './package-root';
import { findProgram, runProgram } from './program';
import { readServerVersion } from './server-version';
import { hasCode, messageOf, OperatorError } from './system-error';
import { connectTemporal } from './temporal';
import { findTemporalBinary } from './temporal-binary';
import { hostAndPort, knock } from './temporal-health';
import { temporalVersions } from './temporal-version';

const oldestNode = [20, 20] as const;
const mebibyte = 1024 * 1024;

/** Looks at everything that `up` needs; changes nothing. */
export async function examine(directory: string | null, environment?: Environment): Promise<readonly Finding[]> {
  const general = [examineNode(process.versions.node), examinePlatform(), await examineBuild()];
  const config = configOrProblem(environment);
  if ('verdict' in config) return [...general, config];
  const paths = dataPaths(await findDataDirectory(config, directory ?? undefined));
  return [
    ...general,
    ok('configuration', 'no problem in the environment'),
    ...(await examineTemporal(config, paths)),
    ...(await examineDirectory(paths)),
    await examineDisk(paths),
    await examineStore(config, paths),
    examinePayloads(config),
    ...(await examineReach(config)),
    ...(await examineIdentity(config.identity)),
    await examineChannels(config.channels),
    await examineRunning(paths),
  ];
}

export function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const recent = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (recent) return ok('node', `Node.js ${version}`);
  return fail('node', `Node.js ${version}`, `Install Node.js ${oldestNode.join('.')} or newer.`);
}

function configOrProblem(environment: Environment | undefined): Config | Finding {
  try {
    return environment === undefined ? readConfig() : readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail('configuration', error.problems.join('; '), 'Correct these variables of the environment.');
  }
}

/** Temporal's native core needs glibc; the embedded server needs a POSIX shell. */
function examinePlatform(): Finding {
  const name = `${process.platform} ${process.arch}`;
  if (process.platform === 'win32') return fail('platform', name, 'Use Linux or macOS, or WSL on Windows.');
  const isMusl =
    process.platform === 'linux' && !JSON.stringify(process.report.getReport()).includes('glibcVersionRuntime');
  return isMusl
    ? fail('platform', `${name} without glibc`, 'Use a system with glibc: Alpine is not one.')
    : ok('platform', name);
}

async function examineBuild(): Promise<Finding> {
  const missing: string[] = [];
  for (const program of ['workers/main.js', 'client/api/main.js']) {
    if (!(await isReadable(builtProgram(program)))) missing.push(`dist/${program}`);
  }
  if (missing.length === 0) return ok('build', 'worker and API are built');
  return fail('build', `${missing.join(' and ')} missing`, 'Run "npm run build".');
}

async function examineTemporal(config: Config, paths: DataPaths): Promise<Finding[]> {
  if (config.temporal.address !== null) return [await examineOwnServer(config, config.temporal.address)];
  // A damaged record is told by `server version`.
  const versions = (await readServerVersion(paths).catch(() => null)) ?? temporalVersions;
  const binary = await findTemporalBinary(config.places, versions);
  const go = await examineGo(config);
  if (binary !== null)
    return [ok('temporal', `server ${binary.serverVersion} from ${binary.source} (${binary.path})`), go];
  const found = `server ${versions.server} is neither on PATH nor in the cache`;
  const isOurs = versions.server === temporalVersions.server;
  return [warn('temporal', found, `The next "mainstay up" downloads it${isOurs ? ', or builds it with Go' : ''}.`), go];
}

async function examineOwnServer(config: Config, address: string): Promise<Finding> {
  const { host, port } = hostAndPort(address);
  const advice = 'Check TEMPORAL_ADDRESS, TLS settings and the server.';
  if (!(await knock(host, port))) return fail('temporal', `nothing answers at ${address}`, advice);
  try {
    const connection = await connectTemporal(config.temporal);
    await connection.close();
    return ok('temporal', `your server at ${address}, namespace ${config.temporal.namespace}`);
  } catch (error) {
    return fail('temporal', `${address} answers, but not as expected: ${messageOf(error)}`, advice);
  }
}

async function examineGo(config: Config): Promise<Finding> {
  const go = await findProgram('go', config.places.path);
  const advice = 'Needed only to build the Temporal server where it cannot be downloaded.';
  if (go === null) return warn('go', 'no program "go" on PATH', advice);
  const { stdout } = await runProgram(go, ['version'], { timeoutMs: 15_000 });
  return ok('go', stdout.trim());
}

async function examineDirectory(paths: DataPaths): Promise<Finding[]> {
  const found = await stat(paths.directory).catch((error: unknown) =>
    hasCode(error, 'ENOENT') ? null : Promise.reject(error),
  );
  if (found === null) return [ok('data directory', `${paths.directory} is made by the first "mainstay up"`)];
  if (!found.isDirectory())
    return [fail('data directory', `${paths.directory} is no directory`, 'Name another with --data.')];
  if (!(await isWritable(paths.directory))) {
    return [fail('data directory', `${paths.directory} cannot be written`, 'Give it to the user that runs Mainstay.')];
  }
  return [await examineModes(paths), await examineVersion(paths)];
}

async function examineModes(paths: DataPaths): Promise<Finding> {
  const open: string[] = [];
  for (const file of [paths.directory, paths.token, paths.key, paths.signingKey]) {
    const found = await stat(file).catch(() => null);
    if (found !== null && (found.mode & 0o077) !== 0) open.push(file);
  }
  if (open.length === 0) return ok('data directory', `${paths.directory}, for its owner only`);
  return warn('data directory', `others may read ${open.join(', ')}`, `Run: chmod go= ${open.join(' ')}`);
}

async function examineVersion(paths: DataPaths): Promise<Finding> {
  try {
    const { server } = (await readServerVersion(paths)) ?? temporalVersions;
    if (server === temporalVersions.server) return ok('server version', server);
    const found = `the directory stays with ${server}, this Mainstay brings ${temporalVersions.server}`;
    return warn('server version', found, 'Once no run is open, stop it and run "mainstay upgrade".');
  } catch (error) {
    return fail('server version', messageOf(error), `Repair or restore "${paths.versions}".`);
  }
}

async function examineDisk(paths: DataPaths): Promise<Finding> {
  const folder = (await isReadable(paths.directory)) ? paths.directory : await nearestFolder(paths.directory);
  const disk = await statfs(folder);
  const freeMebibytes = Math.floor((disk.bavail * disk.bsize) / mebibyte);
  const found = `${String(freeMebibytes)} MiB free in ${folder}`;
  if (freeMebibytes < 256) return fail('disk', found, 'Free some space: journal and output need it.');
  return freeMebibytes < 2048 ? warn('disk', found, 'Free some space soon.') : ok('disk', found);
}

async function examineStore(config: Config, paths: DataPaths): Promise<Finding> {
  try {
    if (config.databaseUrl !== null) return await examinePostgres(config.databaseUrl.reveal());
    if (!(await isReadable(paths.store)))
      return ok('store', 'a file in the data directory, made by the first "mainstay up"');
    const database = new Database(paths.store, { readonly: true });
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    database.close();
    return ok('store', paths.store);
  } catch (error) {
    return fail('store', messageOf(error), 'Check DATABASE_URL, or the file store.db in the data directory.');
  }
}

/** Also what would keep `up` from starting. */
function examinePayloads(config: Config): Finding {
  try {
    const { keys } = config.payloads;
    if (encryptsPayloads(config))
      return ok('payloads', `encrypted with the key "${keys[0]?.id ?? ''}", ${String(keys.length)} known`);
    const isOwn = config.temporal.address !== null || config.databaseUrl !== null;
    const found = 'readable to whoever can read the histories of Temporal';
    return isOwn ? warn('payloads', found, 'Set MAINSTAY_PAYLOAD_KEYS.') : ok('payloads', found);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return fail('payloads', error.message, error.hint);
  }
}

async function examinePostgres(url: string): Promise<Finding> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await client.query('SELECT 1');
    return ok('store', `PostgreSQL at ${new URL(url).host}`);
  } finally {
    await client.end();
  }
}

async function examineRunning(paths: DataPaths): Promise<Finding> {
  const endpoint = await readEndpoint(paths);
  if (endpoint === null) return ok('engine', 'not running');
  return ok('engine', `running at ${endpoint.url} (process ${String(endpoint.pid)})`);
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((await isReadable(folder)) || folder === dirname(folder)) return folder;
  }
}

function isReadable(path: string): Promise<boolean> {
  return allows(path, constants.R_OK);
}

function isWritable(path: string): Promise<boolean> {
  return allows(path, constants.W_OK);
}

function allows(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
