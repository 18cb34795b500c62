import { Client } from '@temporalio/client';

import { announceReady, exitWhenParentGoes } from '../../platform/child';
import type { ChatSettings } from '../../platform/channel-settings';
import { readConfig } from '../../platform/config';
import { dataPaths, readInstallationKey, readToken } from '../../platform/data-directory';
import { createLogger } from '../../platform/logger';
import type { Logger } from '../../platform/logger';
import { packageVersion } from '../../platform/package-root';
import { People } from '../../platform/people';
import { messageOf } from '../../platform/system-error';
import { connectTemporal, taskQueue } from '../../platform/temporal';
import { startRetention } from '../../platform/retention-pass';
import { openStore } from '../../platform/store/open';
import { storeOptions } from '../../platform/store/place';
import { loadSigningKey } from '../../platform/store/signing-key';
import { voteKeyOf } from '../../platform/vote-token';
import { createRegistry } from '../published-registry';
import type { ReplyPlace } from '../channels/reply';
import type { ReplyListener } from '../channels/reply-listener';
import { markOrphans } from '../orphaned-locks';
import { createTemporalEngines } from '../temporal-engine';
import { isRunAlive } from '../temporal-engine/liveness';
import { buildApp } from './app';
import type { ChannelContext } from './context';
import { listen } from './server';
import { workerPresence } from '../temporal-engine/worker-presence';

/** How often runs that were journaled but not started are looked for. */
const recoverEveryMs = 10_000;
const answerTimeoutMs = 10_000;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('api', config.log.level);
  const paths = dataPaths(config.dataDirectory);
  const store = await openStore(storeOptions(config, paths));
  const connection = await connectTemporal(config.temporal);
  const client = new Client({ connection, namespace: config.temporal.namespace });
  const { engine, changes, backups } = createTemporalEngines({ store, client, taskQueue, answerTimeoutMs });
  const { replies } = config.channels;
  const channels = {
    engine,
    store,
    people: new People(store.definitions),
    voteKey: voteKeyOf(await readInstallationKey(paths)),
    now: () => Date.now(),
    chat: chatOf(config.channels.chat),
  };
  const app = buildApp({
    context: {
      engine,
      changes,
      backups,
      store,
      registry: createRegistry(store),
      version: packageVersion(),
      signingKey: await loadSigningKey(paths.signingKey),
      channels: (['mail', 'replies', 'chat'] as const).filter((name) => config.channels[name] !== null),
      workers: () => workerPresence(connection, config.temporal.namespace),
    },
    token: await readToken(paths),
    ...(config.channels.publicUrl === null ? {} : { channels }),
    logger,
  });
  const stopRecovering = recoverAgainAndAgain(async () => {
    const isAlive = (runId: string): Promise<boolean> => isRunAlive(client, runId);
    if ((await markOrphans({ locks: store.locks, isAlive, now: Date.now })) > 0) await engine.wakeWaiting();
    return (await engine.recover()) + (await changes.recover()) + (await backups.recover());
  }, logger);
  const stopRetention = startRetention({ retention: store.retention, keepDays: config.keepOutputDays, logger });
  const listener = replies === null ? null : await listenForReplies({ ...channels, settings: replies }, logger);
  const server = await listen(app, config.api.port ?? 0);
  exitWhenParentGoes({
    supervised: config.supervised,
    stop: async () => {
      stopRecovering();
      await stopRetention();
      await listener?.stop();
      await server.stop();
      await connection.close();
      await store.close();
    },
  });
  announceReady({ url: server.url, port: server.port });
}

/** Loaded only where it is wanted: what reads and checks mail is as much again as the rest of the API. */
async function listenForReplies(place: ReplyPlace, logger: Logger): Promise<ReplyListener> {
  const { host, port } = place.settings;
  const listener = await import('../channels/reply-listener.js');
  return listener.listenForReplies(place, logger).catch((cause: unknown) => {
    throw new Error(`Cannot listen for answers by mail at "${host}:${port}": ${messageOf(cause)}`, { cause });
  });
}

function chatOf(settings: ChatSettings | null): ChannelContext['chat'] {
  if (settings === null || settings.signingSecret === null) return null;
  return { secret: settings.signingSecret, origin: new URL(settings.webhookUrl.reveal()).origin };
}

function recoverAgainAndAgain(recover: () => Promise<number>, logger: Logger): () => void {
  let running = false;
  async function once(): Promise<void> {
    if (running) return;
    running = true;
    try {
      const started = await recover();
      if (started > 0) logger.info({ started }, 'pending runs started');
    } catch (error) {
      logger.warn({ err: error }, 'pending runs or orphaned locks not looked after');
    } finally {
      running = false;
    }
  }
  void once();
  const timer = setInterval(() => void once(), recoverEveryMs);
  return () => clearInterval(timer);
}

main().catch((error: unknown) => {
  process.stderr.write(`Cannot start the API: ${messageOf(error)}\n`);
  process.exit(1);
});
