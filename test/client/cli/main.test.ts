import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { builtProgram } from '../../../platform/package-root';

const program = builtProgram('client/cli/main.js');
const isBuilt = existsSync(program);
const whenBuilt = isBuilt ? test : test.skip;

if (!isBuilt && process.env['CI'] === 'true') {
  test('the command line program is built', () => {
    throw new Error('Cannot test the built program: run "npm run build" first');
  });
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-cli-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], (error, stdout, stderr) => {
      const exitCode = typeof error?.code === 'number' ? error.code : (child.exitCode ?? -1);
      resolve({ exitCode, stdout, stderr });
    });
  });
}

whenBuilt.each([
  ['--version', 0],
  ['help', 0],
  ['version --json', 0],
  ['schema Runbook', 0],
  ['schema Nonsense', 2],
  ['nonsense', 2],
  ['runs --nonsense', 2],
  ['check /nowhere.yaml', 1],
  ['runs --data /nowhere', 1],
] as const)('the built program: mainstay %s exits with %i and shows no stack', async (line, expected) => {
  const { exitCode, stderr } = await run(...line.split(' '));

  expect({ exitCode, stderr }).toEqual({ exitCode: expected, stderr: expect.not.stringMatching(/\n\s+at .*:\d+:\d+/) });
});

whenBuilt('the built program checks, plans and formats files without an engine', async () => {
  const file = join(folder, 'hello.yaml');
  const text =
    'apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: hello, version: 1.0.0, owner: team/web}\nspec:\n  steps:\n    - {id: hi, uses: core.echo, with: {text: hello}}\n';
  await writeFile(file, text);

  expect(await run('check', file)).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await run('fmt', '--check', file)).toMatchObject({ exitCode: 0 });
  const [one, two] = [await run('plan', file, '--json'), await run('plan', file, '--json')];
  expect(one).toEqual(two);
  expect(JSON.parse(one.stdout)).toMatchObject({ planHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
});
