import type { RunView } from '../../../client/engine';
import type { JsonObject } from '../../../workflows/domain/json';
import { findProgram } from '../../support/component';
import { startFleet } from '../../support/fleet/fleet';
import { startHaproxy } from '../../support/haproxy';
import type { Haproxy } from '../../support/haproxy';
import { startCustomers } from '../../support/customers';
import type { Customers } from '../../support/customers';
import { installApp } from '../../support/hosted-app';
import type { HostedApp } from '../../support/hosted-app';
import { openLibrary } from './library-stage';

/** Hosts with an application behind a real HAProxy, its customers, and the engine that changes it under their feet. */
export interface BalancedApp {
  readonly apps: readonly HostedApp[];
  readonly haproxy: Haproxy;
  readonly customers: Customers;
  /** What every runbook about servers behind HAProxy takes, and what is given beside it. */
  run(runbook: string, inputs: JsonObject): Promise<RunView>;
  close(): Promise<void>;
}

export interface BalancedOptions {
  readonly servers: number;
  /** Servers on which release 2.0.0 fails in one of a hundred cases. */
  readonly provokeFault?: readonly string[];
}

export const soundRelease = '1.1.0';
export const faultyRelease = '2.0.0';
const releases = [
  { name: '1.0.0', faulty: false },
  { name: soundRelease, faulty: false },
  { name: faultyRelease, faulty: true },
];
const port = 8080;
const balancer = 'lb1';

export async function openBalancedApp({ servers, provokeFault = [] }: BalancedOptions): Promise<BalancedApp> {
  // What the runbooks call on the hosts.
  findProgram('socat', 'socat');
  findProgram('curl', 'curl');
  const webNames = Array.from({ length: servers }, (_, index) => `web${index + 1}`);
  const names = [...webNames, balancer];
  const fleet = await startFleet({ hosts: names.length, names });
  const webHosts = fleet.hosts.filter(({ name }) => name !== balancer);
  const apps = await Promise.all(
    webHosts.map((host) => installApp(host, { port, releases, provokesFault: provokeFault.includes(host.name) })),
  );
  const haproxy = await startHaproxy(webHosts.map(({ name, address }) => ({ name, address, port })));
  const customers = startCustomers(haproxy.url);
  const groups = Object.fromEntries(names.map((name) => [name, [name === balancer ? 'lb' : 'web']]));
  const library = await openLibrary({ fleet, groups });
  const { backend, socket, url } = haproxy;
  const place = { servers: 'web', balancers: 'lb', backend, socket, gateUrl: url, port, restart: ['app/restart'] };
  return {
    apps,
    haproxy,
    customers,
    run: (runbook, inputs) => library.run(runbook, { ...place, bake: 'PT0S', maxErrorPercent: 0.1, ...inputs }),
    async close() {
      await library.close();
      await customers.leave();
      await haproxy.stop();
      await Promise.all(apps.map((app) => app.stop()));
      await fleet.stop();
    },
  };
}

export function linked(apps: readonly HostedApp[]): Promise<readonly string[]> {
  return Promise.all(apps.map((app) => app.release()));
}

export function restarted(apps: readonly HostedApp[]): Promise<readonly number[]> {
  return Promise.all(apps.map((app) => app.restarts()));
}
