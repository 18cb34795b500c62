import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareDataDirectory } from '../../platform/data-directory';
import { examine, examineNode } from '../../platform/doctor';
import type { Finding } from '../../platform/finding';
import { freePort } from '../../platform/free-port';
import { cachedTemporal } from '../../platform/temporal-binary';
import { readConfig } from '../../platform/config';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-doctor-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('examine()', () => {
  test('finds a fresh machine fit, and says what the first start will do', async () => {
    const findings = await look({});

    expect(byName(findings, 'temporal')).toMatchObject({
      verdict: 'warn',
      advice: expect.stringContaining('downloads it'),
    });
    expect(byName(findings, 'go')).toMatchObject({ verdict: 'warn' });
    expect(byName(findings, 'data directory')).toMatchObject({ verdict: 'ok' });
    expect(byName(findings, 'store')).toMatchObject({ verdict: 'ok' });
    expect(byName(findings, 'engine')).toMatchObject({ found: 'not running' });
  });

  test('names the server that would be used', async () => {
    const cached = cachedTemporal(readConfig(environment()).places);
    await mkdir(join(cached, '..'), { recursive: true });
    await writeFile(cached, `#!/bin/sh\necho 'temporal version 0.0.0-DEV (Server 1.31.2, UI 2.50.1)'\n`);
    await chmod(cached, 0o755);

    expect(byName(await look({}), 'temporal')).toMatchObject({
      verdict: 'ok',
      found: `server 1.31.2 from cache (${cached})`,
    });
  });

  test('tells that others may read the token', async () => {
    const paths = await prepareDataDirectory(join(folder, 'data'));
    await chmod(paths.token, 0o644);

    expect(byName(await look({}), 'data directory')).toEqual({
      name: 'data directory',
      verdict: 'warn',
      found: `others may read ${paths.token}`,
      advice: `Run: chmod go= ${paths.token}`,
    });
  });

  test('tells a directory of another server version', async () => {
    const paths = await prepareDataDirectory(join(folder, 'data'));
    await writeFile(paths.versions, '{"temporalServer":"1.30.1"}');

    const findings = await look({});

    expect(byName(findings, 'server version')).toMatchObject({
      verdict: 'warn',
      found: 'the directory stays with 1.30.1, this Mainstay brings 1.31.2',
      advice: expect.stringContaining('mainstay upgrade'),
    });
    expect(byName(findings, 'temporal').found).toBe('server 1.30.1 is neither on PATH nor in the cache');
  });

  test('tells a damaged record of the server version', async () => {
    const paths = await prepareDataDirectory(join(folder, 'data'));
    await writeFile(paths.versions, '{"temporalSer');

    expect(byName(await look({}), 'server version')).toMatchObject({ verdict: 'fail' });
  });

  test('tells servers that do not answer', async () => {
    const port = String(await freePort());

    const findings = await look({
      TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
      DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${port}/d`,
    });

    expect(byName(findings, 'temporal')).toMatchObject({
      verdict: 'fail',
      found: `nothing answers at 127.0.0.1:${port}`,
    });
    expect(byName(findings, 'store').verdict).toBe('fail');
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test.each([
    ['in the data directory', {}, 'ok', 'readable to whoever can read the histories of Temporal'],
    ['with a key', { MAINSTAY_PAYLOAD_KEYS: `a:${'A'.repeat(43)}=` }, 'ok', 'encrypted with the key "a", 1 known'],
    ['elsewhere without a key', { DATABASE_URL: 'postgres://u@127.0.0.1:1/d' }, 'fail', /no key is given$/],
    [
      'elsewhere and left readable',
      { DATABASE_URL: 'postgres://u@127.0.0.1:1/d', MAINSTAY_PAYLOAD_ENCRYPTION: 'off' },
      'warn',
      'readable to whoever can read the histories of Temporal',
    ],
  ])('tells what is hidden in histories that lie %s', async (_where, settings, verdict, found) => {
    expect(byName(await look(settings), 'payloads')).toMatchObject({
      verdict,
      found: typeof found === 'string' ? found : expect.stringMatching(found),
    });
  });

  test('tells a broken store file', async () => {
    const paths = await prepareDataDirectory(join(folder, 'data'));
    await writeFile(paths.store, 'this is no database, however long the text may be');

    expect(byName(await look({}), 'store').verdict).toBe('fail');
  });

  test('goes no further than a configuration that cannot be read', async () => {
    const findings = await look({ TEMPORAL_ADDRESS: 'nowhere' });

    expect(findings.at(-1)).toMatchObject({
      name: 'configuration',
      verdict: 'fail',
      found: 'TEMPORAL_ADDRESS: Expected host:port',
    });
  });
});

test.each([
  ['20.20.0', 'ok'],
  ['20.19.9', 'fail'],
  ['18.20.0', 'fail'],
  ['22.0.0', 'ok'],
])('Node.js %s is %s', (version, verdict) => {
  expect(examineNode(version).verdict).toBe(verdict);
});

function environment(): Record<string, string> {
  return { XDG_CACHE_HOME: join(folder, 'cache'), XDG_CONFIG_HOME: join(folder, 'config'), PATH: join(folder, 'bin') };
}

function look(more: Record<string, string>): Promise<readonly Finding[]> {
  return examine(join(folder, 'data'), { ...environment(), ...more });
}

function byName(findings: readonly Finding[], name: string): Finding {
  const found = findings.find((finding) => finding.name === name);
  if (found === undefined) throw new Error(`no finding about ${name}`);
  return found;
}
