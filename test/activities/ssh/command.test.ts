import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import type { Json, JsonObject } from '../../../workflows/domain/json';
import type { OperationResult } from '../../../activities/connector';
import { processesOf } from '../../support/fleet/processes';
import { Bench, eventually, hostAt, perform } from './support';
import type { ContextOptions } from './support';

let fleet: Fleet;
let bench: Bench;
let paths = 0;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
  bench = new Bench(fleet);
});
afterAll(async () => {
  await bench.close();
  await fleet.stop();
});

async function run(
  name: 'exec' | 'run',
  input: JsonObject,
  options: ContextOptions & { readonly shell?: string; readonly outputLimitBytes?: number } = {},
): Promise<OperationResult & { readonly stored: Buffer }> {
  const { shell = '/bin/sh', outputLimitBytes = 16 * 1024 * 1024 } = options;
  const context = bench.context(hostAt(fleet, 0), { path: `p${(paths += 1)}`, ...options });
  const worker = bench.worker({ launcherShell: shell, outputLimitBytes });
  const result = await perform(worker, name, { input, context });
  await worker.close();
  return { ...result, stored: bench.stored(context, 'stdout') };
}

const home = (): string => hostAt(fleet, 0).home;
const gone = async (file: string): Promise<boolean> => {
  const pid = (await readFile(join(home(), file), 'utf8')).trim();
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return state === null || / Z /.test(state);
};

describe.each(['/bin/dash', 'busybox sh', 'bash --posix'])('the launcher under %s (D3)', (shell) => {
  test('tells exit code, both streams and the file of results apart', async () => {
    const script = 'echo out; echo err >&2; printf \'{"a":1}\' >"$MAINSTAY_OUTPUT"; exit 3';

    const { status, error, result } = await run('run', { script }, { shell });

    expect([status, error?.code]).toEqual(['failed', 'EXIT_CODE']);
    expect(result).toEqual({
      exitCode: 3,
      stdout: 'out',
      stderr: 'err',
      stdoutTruncated: false,
      stderrTruncated: false,
      file: '{"a":1}',
      signal: null,
    });
  });

  test('hands arguments, variables, directory, umask and stdin over as they are', async () => {
    const nasty = `a'b "c" $(id) \`id\` \\ \n* ; & | é 🦜`;
    const script = 'printf "%s|" "$V" "$PWD" "$(umask)" "$LC_ALL" "$PATH"; cat';
    const input = { script, env: { V: nasty }, cwd: '/tmp', umask: '027', stdin: 'in\n' };

    const { result } = await run('run', input, { shell });
    const echoed = await run('exec', { command: ['printf', '%s|', nasty, '', '-n'] }, { shell });

    expect(result['stdout']).toBe(
      `${nasty}|/tmp|0027|C.UTF-8|/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|in`,
    );
    expect(echoed.result['stdout']).toBe(`${nasty}||-n|`);
  });

  test('ends a command at its time limit, with everything in its group', async () => {
    const { status, error, result } = await run(
      'run',
      { script: `sleep 300 & echo $! >"$HOME/child"; wait` },
      { shell, timeoutMs: 1_000 },
    );

    expect([status, error?.code, result['signal']]).toEqual(['failed', 'TIMEOUT', 'SIGTERM']);
    expect(await gone('child')).toBe(true);
  });

  test('is attached to again by another worker, from the offset that is known', async () => {
    const { status, stored } = await run(
      'run',
      { script: 'for i in 1 2 3 4; do echo "line $i"; sleep 0.4; done' },
      { shell },
    );

    expect([status, stored.toString()]).toEqual(['succeeded', 'line 1\nline 2\nline 3\nline 4\n']);
  });
});

describe('a command over SSH', () => {
  test('a daemon that it leaves behind neither holds the job nor is killed with it', async () => {
    const script = 'sleep 77 & echo $! >"$HOME/daemon"; echo started';

    const { status, result, startedAt, endedAt } = await run('run', { script });

    expect([status, result['stdout']]).toEqual(['succeeded', 'started']);
    expect(endedAt - startedAt).toBeLessThan(5_000);
    expect(await gone('daemon')).toBe(false);
  });

  test('output is binary-safe', async () => {
    const { stored } = await run('exec', { command: ['printf', String.raw`\000\001\377\n##mainstay begin\n\n`] });

    expect(stored).toEqual(Buffer.from('\0\x01\xff\n##mainstay begin\n\n', 'latin1'));
  });

  test('10 MB of output arrive whole, and the beginning is in the result', async () => {
    const { status, result, output, stored } = await run('run', { script: 'yes 0123456789abcdef | head -c 10000000' });

    expect([status, stored.length, output?.stdoutBytes]).toEqual(['succeeded', 10_000_000, 10_000_000]);
    expect([text(result['stdout']).length, result['stdoutTruncated']]).toEqual([256 * 1024, true]);
  });

  test('past its limit output is drained, not stored, and the command notices nothing', async () => {
    const { status, stored } = await run(
      'run',
      { script: 'yes 0123456789abcdef | head -c 5000000; echo done >"$HOME/drained"' },
      { outputLimitBytes: 100 * 1024 },
    );

    expect([status, stored.length]).toEqual(['succeeded', 100 * 1024]);
    expect(await readFile(join(home(), 'drained'), 'utf8')).toBe('done\n');
  });

  test('a script of 200 kB runs, and lies in a 0700 file', async () => {
    const script = `: '${'x'.repeat(200_000)}'\nstat -c %a "$0"`;

    expect((await run('run', { script })).result['stdout']).toBe('700');
  });

  test.each([
    ['sh', 'false; echo reached', 1],
    ['bash', 'false | true; echo reached', 1],
    ['sh', 'echo "$NOT_SET"', 2],
  ])('%s stops at "%s"', async (shell, script, exitCode) => {
    expect((await run('run', { script, shell })).result).toMatchObject({ exitCode, stdout: '' });
  });

  test('a list as shell takes the script as its last argument', async () => {
    expect((await run('run', { script: 'one\ntwo\n', shell: ['wc', '-l'] })).result['stdout']).toMatch(/^2 .*script$/);
  });

  test.each([
    [{ command: ['no-such-command'] }, 127],
    [{ command: ['true'], cwd: '/no/such/directory' }, 125],
  ])('%j ends with a code of its own', async (input, exitCode) => {
    expect((await run('exec', input)).result['exitCode']).toBe(exitCode);
  });

  test('environment and stdin are never on the disk of the host nor in its process list (D3)', async () => {
    const secret = 'c0rrect-horse-battery';
    const path = 'secretive';
    const input = { script: 'cat >/dev/null; echo up >"$HOME/up"; sleep 1', env: { TOKEN: secret }, stdin: secret };
    const running = perform(bench.worker(), 'run', { input, context: bench.context(hostAt(fleet, 0), { path }) });
    await eventually(async () => (await readFile(join(home(), 'up'), 'utf8')) === 'up\n');

    const processes = await Promise.all(
      (await processesOf(await fleetMark())).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    const files = await contents(join(home(), '.mainstay'));

    expect(processes.length).toBeGreaterThan(2);
    expect(
      [...processes, ...files].filter(
        (text) => text.includes(secret) || text.includes(Buffer.from(secret).toString('base64')),
      ),
    ).toEqual([]);
    expect((await running).status).toBe('succeeded');
  });

  test('only the user can read the job root', async () => {
    expect((await stat(join(home(), '.mainstay', 'jobs'))).mode & 0o777).toBe(0o700);
  });
});

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

async function fleetMark(): Promise<string> {
  const { result } = await run('exec', { command: ['printenv', 'MAINSTAY_FLEET'] });
  return text(result['stdout']);
}

async function contents(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  );
}
