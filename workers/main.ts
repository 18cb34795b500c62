import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';

import { createActivities } from '../activities/activities';
import { createImplementations } from '../activities/implementations';
import { catalogue } from '../activities/index';
import { Directory } from '../activities/lookups/directory';
import { peopleOf } from '../activities/lookups/electorate';
import { Teams } from '../activities/lookups/teams';
import { announceReady, exitWhenParentGoes } from '../platform/child';
import { readConfig, readEnvironmentSecret } from '../platform/config';
import type { Config } from '../platform/config';
import { dataConverter } from '../platform/data-converter';
import { dataPaths, readInstallationKey } from '../platform/data-directory';
import { createLogger } from '../platform/logger';
import type { Logger } from '../platform/logger';
import { People } from '../platform/people';
import { createSeal } from '../platform/seal';
import { createSecrets } from '../platform/secrets';
import { openStore } from '../platform/store/open';
import { storeOptions } from '../platform/store/place';
import type { Store } from '../platform/store/store';
import { temporalConnectionOptions } from '../platform/temporal';
import { messageOf } from '../platform/system-error';
import { voteKeyOf } from '../platform/vote-token';
import { bundleFile } from './bundle';
import { createCarriers } from './carriers';
import { startCourier } from './courier';
import { takeOver } from './take-over';
import { createWorker } from './worker';

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger('worker', config.log.level);
  installRuntime(log);
  const paths = dataPaths(config.dataDirectory);
  const store = await openStore(storeOptions(config, paths));
  const connection = await NativeConnection.connect(temporalConnectionOptions(config.temporal));
  const connectors = createImplementations({
    config,
    ssh: {
      homeDirectory: homedir(),
      agentSocket: config.ssh.agentSocket ?? undefined,
      acceptedKeysFile: join(paths.directory, 'known_hosts'),
    },
  });
  const activities = createActivities({
    store,
    catalogue,
    connectors,
    secrets: secretsOf(config, store),
    seal: createSeal(Buffer.from((await readFile(paths.key, 'utf8')).trim(), 'hex')),
    privateAddresses: config.http.privateAddresses,
  });
  const { namespace } = config.temporal;
  const worker = await createWorker({
    connection,
    namespace,
    workflowBundle: { codePath: bundleFile },
    activities,
    dataConverter: dataConverter(config),
  });
  const running = worker.run();
  // Not waited for: work goes on meanwhile, at worst a little later.
  void takeOver({
    release: (workflowId) => connection.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId } }),
    views: store.views,
  }).catch((error: unknown) => {
    log.warn({ error: messageOf(error) }, 'cannot take over open runs: they wait for the dead worker to be given up');
  });
  const stopCourier = await courierOf(config, store, log);
  announceReady({ pid: process.pid });
  log.info({ namespace }, 'worker ready');
  async function stop(): Promise<void> {
    worker.shutdown();
    await running;
    await stopCourier();
    await Promise.all(Object.values(connectors).map((connector) => connector.close()));
    await connection.close();
    await store.close();
  }
  exitWhenParentGoes({ supervised: config.supervised, stop });
  // A worker that cannot go on ends: whoever supervises it starts another.
  await running;
}

/** Tells people, where a channel is configured. Answers how to stop it. */
async function courierOf(config: Config, store: Store, logger: Logger): Promise<() => Promise<void>> {
  const { mail, chat, publicUrl } = config.channels;
  const carriers = createCarriers(config);
  if (publicUrl === null || Object.keys(carriers).length === 0) return () => Promise.resolve();
  const stop = startCourier({
    store,
    people: new People(store.definitions),
    audience: async (candidate, at) => (await peopleOf(candidate, { directory: new Directory(store), at })).people,
    carriers,
    mail,
    hasButtons: chat !== null && chat.signingSecret !== null,
    publicUrl,
    voteKey: voteKeyOf(await readInstallationKey(dataPaths(config.dataDirectory))),
    logger,
    now: () => Date.now(),
  });
  return async () => {
    await stop();
    for (const carrier of Object.values(carriers)) carrier.close?.();
  };
}

function installRuntime(log: Logger): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      if (level === 'ERROR') log.error({ ...meta }, message);
      else if (level === 'WARN') log.warn({ ...meta }, message);
      else log.debug({ ...meta }, message);
    }),
  });
}

function secretsOf(config: Config, store: Store): ReturnType<typeof createSecrets> {
  const teams = new Teams(store);
  return createSecrets({
    vault: config.vault,
    environment: (name) => readEnvironmentSecret(name),
    grants: (owner) => teams.grants(owner),
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`Cannot run the worker: ${messageOf(error)}\n`);
  process.exit(1);
});
