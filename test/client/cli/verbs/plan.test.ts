import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { packageRoot } from '../../../../platform/package-root';
import { testCli } from '../../../support/client/cli';

const examples = join(packageRoot(), 'examples');
const Printed = z.object({ planHash: z.string().regex(/^sha256:[0-9a-f]{64}$/) });

type ExampleFile = 'nginx-upgrade.yaml' | 'inventory.yaml' | 'people.yaml';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-examples-'));
  await cp(examples, folder, { recursive: true, filter: (path) => !path.includes('demo') });
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** `mainstay plan … --json`, with everything that the command line does but its process. */
async function planHash(of: { readonly from?: string; readonly inputs?: readonly string[] } = {}): Promise<string> {
  const { from = folder, inputs = ['version=1.2.3'] } = of;
  const cli = await testCli(null);
  const { exitCode, stdout, stderr } = await cli.run(
    'plan',
    join(from, 'nginx-upgrade.yaml'),
    ...inputs.flatMap((input) => ['-i', input]),
    '--inventory',
    join(from, 'inventory.yaml'),
    '--json',
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return Printed.parse(JSON.parse(stdout)).planHash;
}

async function change(file: ExampleFile, from: string, to: string): Promise<void> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

test('plan --json prints the same hash at every call, from any folder (D5)', async () => {
  const first = await planHash();

  expect([await planHash(), await planHash({ from: examples })]).toEqual([first, first]);
});

const web1 = 'address: 10.20.0.11, user: deploy';

// "Material change" of D5: what is done, where, with what, and by whose leave.
test.each<[string, ExampleFile, string, string]>([
  ["a host's address", 'inventory.yaml', web1, 'address: 10.20.0.99, user: deploy'],
  ["a host's port", 'inventory.yaml', web1, `${web1}, port: 2222`],
  ["a host's user", 'inventory.yaml', web1, 'address: 10.20.0.11, user: root'],
  ["a host's key", 'inventory.yaml', web1, `${web1}, hostKey: ssh-ed25519 AAAA`],
  ["a host's connection", 'inventory.yaml', 'knownHosts: /etc/mainstay/known_hosts', 'jump: gate.example'],
  ['a label that an expression reads', 'inventory.yaml', '{role: web, rack: a}', '{role: spare, rack: a}'],
  [
    'a host more',
    'inventory.yaml',
    '- {name: lb1',
    '- {name: web7, user: deploy, labels: {role: web}}\n    - {name: lb1',
  ],
  ["a host's name", 'inventory.yaml', '{name: web1, address: 10.20.0.11', '{name: web9, address: 10.20.0.11'],
  ['a command', 'nginx-upgrade.yaml', 'exec: [apt-get, install, -y, --,', 'exec: [apt-get, install, -q, -y, --,'],
  ['a script', 'nginx-upgrade.yaml', 'echo "set server', 'echo "Set server'],
  ['an undo', 'nginx-upgrade.yaml', '-y, --allow-downgrades', '--allow-downgrades'],
  ['a variable of the environment', 'nginx-upgrade.yaml', 'noninteractive', 'readline'],
  ['a health check', 'nginx-upgrade.yaml', 'https://shop.example/healthz', 'https://shop.example/ready'],
  ['the waves', 'nginx-upgrade.yaml', '[1, 25%, 100%]', '[2, 25%, 100%]'],
  ['the owner', 'nginx-upgrade.yaml', 'owner: team/web', 'owner: team/ops'],
  ["the policy's number of votes", 'people.yaml', 'min: 2', 'min: 1'],
  ["the policy's rule for the requester", 'people.yaml', 'excludeRequester: true', 'excludeRequester: false'],
  ["the policy's team", 'people.yaml', 'approvers: [team/web]', 'approvers: [team/ops]'],
])('plan --json prints another hash after a change of %s (D5)', async (_what, file, from, to) => {
  const before = await planHash();
  await change(file, from, to);

  expect(await planHash()).not.toBe(before);
});

test('plan --json prints another hash for another input (D5)', async () => {
  const [one, other] = [await planHash(), await planHash({ inputs: ['version=1.2.4'] })];

  expect(other).not.toBe(one);
});

test.each<[string, ExampleFile, string, string]>([
  ["the runbook's title", 'nginx-upgrade.yaml', 'title: Upgrade nginx behind HAProxy', 'title: Another title'],
  ["the runbook's version", 'nginx-upgrade.yaml', 'version: 1.0.0', 'version: 1.0.1'],
  ["the approval's title", 'nginx-upgrade.yaml', "title: 'nginx ${{ inputs.version }}'", 'title: Another title'],
  ["the inventory's title", 'inventory.yaml', 'title: The shop', 'title: Another title'],
  ["the policy's title", 'people.yaml', 'title: Two people of the web team', 'title: Another title'],
  ['an unread label', 'inventory.yaml', 'rack: b', 'rack: z'],
  ['an unread variable', 'inventory.yaml', 'datacentre: fra1', 'datacentre: ams1'],
  ["a team's member", 'people.yaml', 'user/carl', 'user/dora'],
  ['a comment', 'nginx-upgrade.yaml', '# When to use it', '# Whenever you use it'],
])('plan --json prints the same hash after a change of %s (D5)', async (_what, file, from, to) => {
  const before = await planHash();
  await change(file, from, to);

  expect(await planHash()).toBe(before);
});

test('plan tells of a required input that is missing once, and what to do', async () => {
  const cli = await testCli(null);
  const file = join(folder, 'nginx-upgrade.yaml');

  const { exitCode, stdout } = await cli.run('plan', file, '--inventory', join(folder, 'inventory.yaml'), '--json');

  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    problems: [
      expect.objectContaining({
        code: 'MISSING_INPUT',
        file,
        line: 8,
        path: 'spec.inputs.version',
        hint: expect.stringContaining('-i name=value'),
      }),
    ],
  });
});

test('plan names the people who are asked, as they stand in the files', async () => {
  const cli = await testCli(null);

  const { stdout } = await cli.run(
    'plan',
    join(folder, 'nginx-upgrade.yaml'),
    '-i',
    'version=1.2.3',
    '--inventory',
    join(folder, 'inventory.yaml'),
  );

  expect(stdout).toContain('  team/web   user/anna, user/ben, user/carl\n');
});
