import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ConnectorImplementation, OperationResult } from '../../../activities/connector';
import type { JsonObject } from '../../../workflows/domain/json';
import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { Bench, hostAt, perform } from './support';
import type { ContextOptions } from './support';

describe('files over SSH', () => {
  let fleet: Fleet;
  let bench: Bench;
  let worker: ConnectorImplementation;
  let directory: string;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
    bench = new Bench(fleet);
    worker = bench.worker();
    directory = join(hostAt(fleet, 0).home, 'files');
    await mkdir(directory);
    await chmod(directory, 0o777);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  const call = (name: string, input: JsonObject, options: ContextOptions): Promise<OperationResult> =>
    perform(worker, name, { input, context: bench.context(hostAt(fleet, 0), options) });
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

  test('put makes a file with content and mode, says whether anything changed, and restore takes it away', async () => {
    const dest = join(directory, 'new.conf');
    const input = { dest, content: 'a=1\n', mode: '0640' };

    const first = await call('put', input, { path: 'n' });
    const second = await call('put', input, { path: 'n', generation: 2 });

    expect([first.status, first.changed, first.result]).toEqual([
      'succeeded',
      true,
      { changed: true, sha256: sha('a=1\n'), sizeBytes: 4 },
    ]);
    expect([second.changed, await readFile(dest, 'utf8'), (await stat(dest)).mode & 0o777]).toEqual([
      false,
      'a=1\n',
      0o640,
    ]);
    const undone = await call('restore', input, { path: 'n', phase: 'undo' });
    expect(undone.result).toEqual({ changed: true, restored: 'absence' });
    await expect(readFile(dest)).rejects.toThrow('ENOENT');
  });

  test('restore brings back what stood before the first generation, with its mode', async () => {
    const dest = join(directory, 'old.conf');
    await call('put', { dest, content: 'original', mode: '0600' }, { path: 'setup' });
    await call('put', { dest, content: 'second' }, { path: 'o' });
    await call('put', { dest, content: 'third' }, { path: 'o', generation: 2 });

    const undone = await call('restore', { dest, content: 'third' }, { path: 'o', generation: 2, phase: 'undo' });

    expect([undone.result['restored'], await readFile(dest, 'utf8'), (await stat(dest)).mode & 0o777]).toEqual([
      'content',
      'original',
      0o600,
    ]);
  });

  test.each([
    ['before it is in place', ['grep', '-q', 'good', '%s']],
    ['in its place', ['grep', '-q', 'good', 'DEST']],
  ])('a check %s refuses a bad file, and the old one stands', async (what, words) => {
    const dest = join(directory, `${what.length}.conf`);
    const validate = words.map((word) => (word === 'DEST' ? dest : word));
    const good = await call('put', { dest, content: 'good', validate }, { path: `${what}1` });

    const bad = await call('put', { dest, content: 'bad', validate }, { path: `${what}2` });

    expect([good.status, bad.status, bad.error?.code, bad.changed, await readFile(dest, 'utf8')]).toEqual([
      'succeeded',
      'failed',
      'FILE_INVALID',
      false,
      'good',
    ]);
  });

  test('a file of the plan arrives byte by byte', async () => {
    const dest = join(directory, 'blob');

    await call('put', { dest, file: { blob: '0'.repeat(64), name: 'blob' } }, { path: 'blob' });

    expect(await readFile(dest, 'utf8')).toBe('from a blob');
  });

  test.each([
    ['/nonexistent/x', 'FILE_UNWRITABLE'],
    ['/proc/x', 'FILE_UNWRITABLE'],
    ['/tmp', 'FILE_UNWRITABLE'],
  ])('put to %s fails with a code of its own', async (dest, code) => {
    expect((await call('put', { dest, content: 'x' }, { path: dest })).error?.code).toBe(code);
  });

  test('no temporary file is left', async () => {
    expect((await readdir(directory)).filter((name) => name.startsWith('.mainstay'))).toEqual([]);
  });

  test('get reads text and bytes', async () => {
    await writeFile(join(directory, 'text'), 'héllo\n', { mode: 0o644 });
    await writeFile(join(directory, 'bytes'), Buffer.from([0, 255, 1]), { mode: 0o644 });

    const text = await call('get', { path: join(directory, 'text') }, { path: 'g1' });
    const bytes = await call('get', { path: join(directory, 'bytes') }, { path: 'g2' });

    expect([text.result, text.changed]).toEqual([
      { content: 'héllo\n', base64: Buffer.from('héllo\n').toString('base64'), sha256: sha('héllo\n'), sizeBytes: 7 },
      false,
    ]);
    expect([bytes.result['content'], bytes.result['base64']]).toEqual([null, 'AP8B']);
  });

  test.each([
    ['a missing file', '/nonexistent/x', 'FILE_UNREADABLE'],
    ['a directory', '/tmp', 'FILE_UNREADABLE'],
    ['a file over the limit', '/etc/services', 'FILE_UNREADABLE'],
  ])('get of %s fails with a code of its own', async (_what, path, code) => {
    expect((await call('get', { path, maxBytes: 10 }, { path: `get${path}` })).error?.code).toBe(code);
  });
});

describe('restarts over SSH', () => {
  test('reboot is proved by another boot id, sent once, and wait waits until the host answers', async () => {
    const fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
    const bench = new Bench(fleet);
    const host = hostAt(fleet, 0);
    try {
      await writeFile(join(host.home, 'boot_id'), 'boot-1\n');
      await chmod(join(host.home, 'boot_id'), 0o666);
      const worker = bench.worker({ bootIdPath: '~/boot_id' });
      const command = ['sh', '-c', 'echo sent >>"$HOME/sent"; echo boot-2 >"$HOME/boot_id"'];
      const input = { within: '30s', command };

      const first = await perform(worker, 'reboot', { input, context: bench.context(host, { path: 'reboot' }) });
      const retried = await perform(bench.worker({ bootIdPath: '~/boot_id' }), 'reboot', {
        input,
        context: bench.context(host, { path: 'reboot' }),
      });
      const waited = await perform(worker, 'wait', { input: { within: 1_000 }, context: bench.context(host) });

      expect([first.status, first.result['bootId'], retried.status, waited.result['bootId']]).toEqual([
        'succeeded',
        'boot-2',
        'succeeded',
        'boot-2',
      ]);
      expect(await readFile(join(host.home, 'sent'), 'utf8')).toBe('sent\n');

      await fleet.stopHost(host.name);
      const away = await perform(bench.worker({ connectWithinMs: 200 }), 'wait', {
        input: { within: 300 },
        context: bench.context(host),
      });
      expect([away.status, away.error?.code]).toEqual(['failed', 'SSH_UNREACHABLE']);
    } finally {
      await bench.close();
      await fleet.stop();
    }
  });

  test('reboot that changes nothing is unknown', async () => {
    const fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
    const bench = new Bench(fleet);
    try {
      const result = await perform(bench.worker(), 'reboot', {
        input: { within: 700, command: ['true'] },
        context: bench.context(hostAt(fleet, 0)),
      });

      expect([result.status, result.error?.code]).toEqual(['unknown', 'REBOOT_UNCONFIRMED']);
    } finally {
      await bench.close();
      await fleet.stop();
    }
  });
});
