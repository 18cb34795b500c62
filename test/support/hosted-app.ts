import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { findProgram } from './component';
import type { FleetHost } from './fleet/fleet';
import { kill } from './fleet/processes';

const run = promisify(execFile);

/** An application on a host of a fleet: a real nginx that serves the release which the link `current` names. */
export interface HostedApp {
  readonly host: FleetHost;
  readonly port: number;
  /** The release that the link names. */
  release(): Promise<string>;
  /** What the restart script wrote, once for each restart. */
  restarts(): Promise<number>;
  stop(): Promise<void>;
}

/** What a release answers: always its own name, and 500 in one of a hundred cases where the host provokes its fault. */
export interface AppRelease {
  readonly name: string;
  readonly faulty: boolean;
}

export interface AppOptions {
  readonly port: number;
  readonly releases: readonly AppRelease[];
  readonly provokesFault: boolean;
}

/** Starts with the first release; it lies in `app` in the home of the host. */
export async function installApp(host: FleetHost, options: AppOptions): Promise<HostedApp> {
  const nginx = findProgram('nginx', 'nginx');
  const directory = join(host.home, 'app');
  for (const { name, faulty } of options.releases)
    await put(join(directory, 'releases', name, 'site.conf'), siteText(name, faulty));
  await mkdir(join(directory, 'run'), { recursive: true });
  await put(join(directory, 'nginx.conf'), nginxText(host, options));
  await put(join(directory, 'restart'), restartText(nginx));
  await chmod(join(directory, 'restart'), 0o755);
  await symlink(`releases/${options.releases[0]?.name ?? ''}`, join(directory, 'current'));
  await giveToOwnerOf(host.home, directory);
  const asOwner = await stat(host.home);
  await run(join(directory, 'restart'), [], { cwd: directory, uid: asOwner.uid, gid: asOwner.gid });
  return {
    host,
    port: options.port,
    release: async () => (await run('readlink', [join(directory, 'current')])).stdout.trim().replace('releases/', ''),
    restarts: async () => (await readFile(join(directory, 'run', 'restarts'), 'utf8')).length - 1,
    async stop() {
      const pid = Number(await readFile(join(directory, 'run', 'pid'), 'utf8').catch(() => 0));
      if (pid > 0) kill(pid, 'SIGTERM');
    },
  };
}

function siteText(release: string, faulty: boolean): string {
  const headers = `add_header X-Version ${release} always; add_header X-Host $app_host always;`;
  const fault = faulty ? `if ($fault) { ${headers} return 500 "${release} failed\\n"; }` : '';
  return `location / { default_type text/plain; ${headers} ${fault} return 200 "${release}\\n"; }\n`;
}

function nginxText(host: FleetHost, { port, provokesFault }: AppOptions): string {
  return `worker_processes 1;
pid run/pid;
error_log run/error.log;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path run/body;
  proxy_temp_path run/proxy;
  fastcgi_temp_path run/fastcgi;
  uwsgi_temp_path run/uwsgi;
  scgi_temp_path run/scgi;
  map "" $app_host { default ${host.name}; }
  split_clients $request_id $fault { ${provokesFault ? '1% 1;' : ''} * 0; }
  server {
    listen ${host.address}:${port};
    include ../app/current/site.conf;
  }
}
`;
}

/** Ends what runs, for good, and starts it anew. */
function restartText(nginx: string): string {
  return `#!/bin/sh -eu
cd "$(dirname "$0")"
printf x >>run/restarts
if [ -s run/pid ]; then
  kill -TERM "$(cat run/pid)"
  # Its last act. The process itself may stay for a while, until somebody reaps it.
  while [ -e run/pid ]; do sleep 0.02; done
fi
exec ${nginx} -e run/error.log -p "$PWD/" -c nginx.conf
`;
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** As root the fleet logs in with an account of its own, whose files these are. */
async function giveToOwnerOf(home: string, directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(home);
  await chown(directory, uid, gid);
  await run('chown', ['-Rh', `${uid}:${gid}`, directory]);
}
