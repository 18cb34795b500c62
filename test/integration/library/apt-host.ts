import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findProgram } from '../../support/component';
import type { FleetHost } from '../../support/fleet/fleet';

const run = promisify(execFile);

/** One version of the package `tool`: a program that says whether it is well. */
export interface ToolVersion {
  readonly version: string;
  readonly isWell: boolean;
}

/** A repository of real packages in a directory. */
export async function makeRepository(directory: string, versions: readonly ToolVersion[]): Promise<void> {
  const entries: string[] = [];
  for (const { version, isWell } of versions) {
    const tree = join(directory, `tree-${version}`);
    const control = [
      'Package: tool',
      `Version: ${version}`,
      'Architecture: all',
      'Maintainer: tests',
      'Description: tool',
    ];
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    await mkdir(join(tree, 'usr', 'bin'), { recursive: true });
    await writeFile(join(tree, 'DEBIAN', 'control'), `${control.join('\n')}\n`);
    await writeFile(join(tree, 'usr', 'bin', 'tool'), `#!/bin/sh\n${isWell ? 'exit 0' : 'exit 1'}\n`);
    await chmod(join(tree, 'usr', 'bin', 'tool'), 0o755);
    const file = `tool_${version}_all.deb`;
    await run(findProgram('dpkg-deb', 'dpkg'), ['--build', '--root-owner-group', tree, join(directory, file)]);
    const bytes = await readFile(join(directory, file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    entries.push([...control, `Filename: ./${file}`, `Size: ${bytes.length}`, `SHA256: ${sha256}`, ''].join('\n'));
  }
  await writeFile(join(directory, 'Packages'), entries.join('\n'));
}

/** What turns apt and dpkg of a session to a tree in its home: the machine's own packages are not touched. */
export function aptEnvironment(home: string): Readonly<Record<string, string>> {
  return { APT_CONFIG: join(home, 'apt.conf'), DPKG_ADMINDIR: join(home, 'root', 'var', 'lib', 'dpkg') };
}

/** A host with an apt and a dpkg of its own, and `tool` installed. */
export async function prepareAptHost({ home }: FleetHost, repository: string, version: string): Promise<void> {
  const root = join(home, 'root');
  const folders = ['etc/apt', 'var/lib/apt/lists/partial', 'var/cache/apt/archives/partial', 'var/log/apt'];
  for (const folder of [...folders, 'var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/lib/dpkg/triggers'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'etc/apt/sources.list'), `deb [trusted=yes] file:${repository} ./\n`);
  for (const file of ['status', 'available']) await writeFile(join(root, 'var/lib/dpkg', file), '');
  await writeFile(join(home, 'apt.conf'), aptText(root));
  const { uid, gid } = await stat(home);
  await run('chown', ['-R', `${uid}:${gid}`, root, join(home, 'apt.conf')]);
  const env = { ...aptEnvironment(home), PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, LC_ALL: 'C.UTF-8' };
  const options = { env, uid, gid, cwd: home };
  await run('apt-get', ['update'], options);
  await run('apt-get', ['install', '-y', `tool=${version}`], options);
}

/** Version and hold, as dpkg and apt tell them. */
export async function installedTool({ home }: FleetHost): Promise<string> {
  const env = { ...aptEnvironment(home), PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const { stdout } = await run('dpkg-query', ['-W', '-f=${Version} ${db:Status-Want}', 'tool'], { env });
  return stdout;
}

function aptText(root: string): string {
  const dpkg = [`--root=${root}`, '--force-not-root', '--force-bad-path', `--log=${root}/var/log/dpkg.log`];
  return `Dir "${root}/";
Dir::State "var/lib/apt";
Dir::State::status "${root}/var/lib/dpkg/status";
Dir::Cache "var/cache/apt";
Dir::Etc "etc/apt";
Dir::Log "var/log/apt";
Acquire::Languages "none";
DPkg::Options { ${dpkg.map((option) => `"${option}";`).join(' ')} };
`;
}
