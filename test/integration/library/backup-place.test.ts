import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { JsonObject } from '../../../workflows/domain/json';
import { findProgram } from '../../support/component';
import { openBackups, textAt } from './backup-stage';
import type { BackupStage } from './backup-stage';

const run = promisify(execFile);

jest.setTimeout(60_000);

let stage: BackupStage;
let parent: string;

beforeAll(async () => {
  const programs = { nft: 'nftables', ip: 'iproute2', jq: 'jq' };
  for (const [name, debianPackage] of Object.entries(programs)) findProgram(name, debianPackage);
  stage = await openBackups();
  parent = join(stage.directory, 'places');
  await mkdir(parent);
}, 60_000);

afterAll(() => stage.close());

function open(label: string, more: { readonly identity?: JsonObject; readonly isolate?: boolean } = {}) {
  return stage.role('place/open', { label, parent, isolate: true, identity: {}, ...more });
}

/** What a script says in the network of a place; that it failed is an answer too. */
async function inside(network: string, script: string): Promise<string> {
  const { stdout } = await run('ip', ['netns', 'exec', network, 'bash', '-c', `(${script}) 2>&1 || echo failed`]);
  return stdout.trim();
}

/** A process that ignores the polite signal. */
async function stubborn(command: string, cwd: string): Promise<ChildProcess> {
  const child = spawn('bash', ['-c', `trap '' TERM; echo; ${command}`], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}

test('a place is a folder for nobody else and a network of its own, and the same one when it is opened again', async () => {
  const first = await open('same');
  const second = await open('same');

  expect(first).toEqual({
    opened: true,
    reason: '',
    directory: join(parent, 'same'),
    network: 'ms-same',
    fingerprint: expect.stringContaining(hostname()),
  });
  expect(second).toEqual(first);
  expect((await stat(join(parent, 'same'))).mode & 0o777).toBe(0o700);
  // Two probes at each opening.
  expect(await stage.closed('same')).toEqual({ leftovers: [], sunk: 4, escaped: 0 });
});

test('what is sent to ports 25, 80 and 443 ends in the sink, and there is no other way out (R-DRILL-1)', async () => {
  const network = textAt(await open('sink'), 'network');
  const server = createServer((socket) => socket.end('production'));
  await new Promise<void>((resolve) => server.listen(0, stage.address, resolve));
  const at = server.address();
  const port = typeof at === 'object' && at !== null ? at.port : 0;

  const answers = await inside(network, `for p in 25 80 443; do : <>/dev/tcp/203.0.113.9/$p || echo refused; done`);
  const production = await inside(network, `timeout 5 cat </dev/tcp/${stage.address}/${port}`);
  server.close();

  expect(answers.match(/^refused$/gm)).toHaveLength(3);
  // The same address from the host answers; from inside it is the loopback of nobody.
  expect(production).toContain('Connection refused');
  expect(await stage.closed('sink')).toEqual({ leftovers: [], sunk: 5, escaped: 0 });
});

test('a packet by an interface that somebody puts into the network is counted as escaped (R-DRILL-1)', async () => {
  const network = textAt(await open('leak'), 'network');
  await run('ip', ['-n', network, 'link', 'add', 'out', 'type', 'veth', 'peer', 'name', 'peer']);
  await run('ip', ['-n', network, 'address', 'add', '203.0.113.1/24', 'dev', 'out']);
  for (const name of ['peer', 'out']) await run('ip', ['-n', network, 'link', 'set', name, 'up']);

  await inside(network, 'echo x >/dev/udp/203.0.113.9/53');

  const { escaped } = await stage.closed('leak');
  expect(escaped).toBeGreaterThan(0);
});

test.each([
  ['another host name', { hostName: 'somebody-else' }],
  ['no such marker', { marker: '/nowhere/marker' }],
  ['another text in the marker', { marker: '/etc/passwd', markerText: 'drill target' }],
  ['another machine', { system: '00000000000000000000000000000000' }],
])('on a host that is not the one (%s) nothing is written (R-DRILL-1)', async (_what, identity) => {
  const refused = await open('wrong', { identity });

  expect(refused).toMatchObject({
    opened: false,
    reason: expect.stringMatching(/^Cannot open a place: /),
    directory: '',
  });
  expect(await readdir(parent)).toEqual([]);
  expect(existsSync('/run/netns/ms-wrong')).toBe(false);
});

test('a folder that is no place of this label is neither opened nor closed', async () => {
  await mkdir(join(parent, 'foreign'));
  await writeFile(join(parent, 'foreign', 'precious'), 'x');

  const refused = await open('foreign');
  const closed = await stage.closed('foreign');

  expect(refused).toMatchObject({ opened: false, reason: expect.stringContaining('no place of this label') });
  expect(closed['leftovers']).toEqual([
    expect.stringContaining('is no place of foreign'),
    `folder ${join(parent, 'foreign')}`,
  ]);
  expect(await readdir(join(parent, 'foreign'))).toEqual(['precious']);
  await run('rm', ['-r', join(parent, 'foreign')]);
});

test('closing ends what runs in the place, unmounts and leaves nothing, and closing again finds nothing (R-DRILL-6)', async () => {
  const { directory, network } = await stage.place('busy', true);
  await mkdir(join(directory, 'mounted here'));
  await run('mount', ['-t', 'tmpfs', 'tmpfs', join(directory, 'mounted here')]);
  const children = [
    await stubborn(`exec ip netns exec ${network} sleep 1000`, '/'),
    await stubborn('sleep 1000 & wait', directory),
  ];
  const ended = children.map((child) => once(child, 'exit'));

  const closed = await stage.closed('busy');
  await Promise.all(ended);

  expect(closed).toEqual({ leftovers: [], sunk: 2, escaped: 0 });
  expect(await readdir(parent)).toEqual([]);
  expect(existsSync(`/run/netns/${network}`)).toBe(false);
  expect(await stage.closed('busy')).toEqual({ leftovers: [], sunk: -1, escaped: 0 });
}, 30_000);

test('the sweep finds places by their labels, also what is only half there (R-DRILL-6)', async () => {
  await stage.place('whole', true);
  await run('ip', ['netns', 'add', 'ms-half']);
  await mkdir(join(parent, '.begun.new'));
  await mkdir(join(parent, 'not-ours'));
  await writeFile(join(parent, 'not-ours', '.mainstay-place'), 'moved\n');

  const found = await stage.role('place/sweep', { parent });
  for (const label of ['whole', 'half', 'begun']) await stage.closed(label);

  expect(found['labels']).toEqual(expect.arrayContaining(['begun', 'half', 'whole']));
  expect(found['labels']).not.toContain('moved');
  expect(await readdir(parent)).toEqual(['not-ours']);
});
