import { join } from 'node:path';

import { stringify } from 'yaml';

import { createSsh } from '../../../activities/ssh/operations';
import type { SshDependencies } from '../../../activities/ssh/operations';
import type { RunView } from '../../../client/engine';
import type { Fleet, FleetHost } from '../../support/fleet/fleet';
import type { JsonObject } from '../../../workflows/domain/json';
import { openStage } from '../stage';
import type { Stage } from '../stage';

/** A whole engine with a fleet as its inventory: shipped runbooks in, runs that ended out. */
export interface LibraryStage extends Pick<Stage, 'start' | 'until' | 'under' | 'engine'> {
  /** Settles when the run has ended; a run that asks people fails the test. */
  run(runbook: string, inputs: JsonObject): Promise<RunView>;
  close(): Promise<void>;
}

export interface LibraryOptions {
  readonly fleet: Fleet;
  /** Groups of each host, by name. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly ssh?: Partial<SshDependencies>;
  /** Whom to log in as; absent: the account of the fleet. */
  readonly user?: string;
  /** Prefixes of secrets that the owner of the library may use. */
  readonly grants?: readonly string[];
  /** More documents, as YAML. */
  readonly documents?: string;
}

export async function openLibrary(options: LibraryOptions): Promise<LibraryStage> {
  const { fleet, ssh, documents, grants } = options;
  const login = {
    homeDirectory: fleet.directory,
    agentSocket: undefined,
    acceptedKeysFile: join(fleet.directory, 'accepted'),
  };
  const connector = createSsh({ login, ...ssh });
  const stage = await openStage({
    documents: [inventoryText(options), ...(documents === undefined ? [] : [documents])].join('---\n'),
    connectors: { ssh: connector },
    ...(grants === undefined ? {} : { grants }),
  });
  return {
    start: (runbook, inputs) => stage.start(runbook, inputs),
    until: (runId, holds) => stage.until(runId, holds),
    under: stage.under,
    engine: stage.engine,
    async run(runbook, inputs) {
      const id = await stage.start(runbook, { runAs: 'login', ...inputs });
      return stage.until(id, ({ state, tasks, steps }) => {
        const open = tasks.find(({ closed }) => closed === null);
        if (open === undefined) return state === 'closed';
        const failed = steps.flatMap(({ path, hosts }) => hosts.map(({ error }) => [path, error?.message ?? '']));
        throw new Error(`Cannot go on with ${runbook}: it asks "${open.title}"; ${JSON.stringify(failed)}`);
      });
    },
    async close() {
      await stage.close();
      await connector.close?.();
    },
  };
}

export function hostNamed({ hosts }: Fleet, name: string): FleetHost {
  const host = hosts.find((one) => one.name === name);
  if (host === undefined) throw new Error(`Cannot find host "${name}": not in the fleet`);
  return host;
}

function inventoryText({ fleet, groups, user: login }: LibraryOptions): string {
  const head = { apiVersion: 'mainstay/v1', metadata: { name: 'fleet', version: '1.0.0', owner: 'team/operations' } };
  const names = [...new Set(Object.values(groups).flat())];
  const spec = {
    connection: 'fleet',
    groups: Object.fromEntries(names.map((name) => [name, {}])),
    hosts: fleet.hosts.map(({ name, address, port, user, hostKey }) => ({
      name,
      address,
      port,
      user: login ?? user,
      hostKey,
      groups: [...(groups[name] ?? [])],
    })),
  };
  const connection = { ...head, kind: 'Connection', spec: { type: 'ssh', key: fleet.keyFile } };
  return `${stringify({ ...head, kind: 'Inventory', spec })}---\n${stringify(connection)}`;
}
