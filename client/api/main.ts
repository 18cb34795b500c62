import { Client } from '@temporalio/client';

import { announceReady, exitWhenParentGoes } from '../../platform/child';
import type { ChatSettings } from '../../platform/channel-settings';
import { readConfig, readEnvironmentSecret } from '../../platform/config';
import type { Config } from '../../platform/config';
import { dataConverter } from '../../platform/data-converter';
import { dataPaths, readInstallationKey, readToken } from '../../platform/data-directory';
import { createLogger } from '../../platform/logger';
import type { Logger } from '../../platform/logger';
import { packageVersion } from '../../platform/package-root';
import { People, reachable } from '../../platform/people';
import { messageOf } from '../../platform/system-error';
import { connectTemporal, taskQueue } from '../../platform/temporal';
import { startRetention } from '../../platform/retention-pass';
import { createSecrets } from '../../platform/secrets';
import type { Secrets } from '../../platform/secrets';
import { openStore } from '../../platform/store/open';
import { storeOptions } from '../../platform/store/place';
import { loadSigningKey } from '../../platform/store/signing-key';
import type { Store } from '../../platform/store/store';
import { timestamp } from '../../platform/timestamp';
import { voteKeyOf } from '../../platform/vote-token';
import { createIdentity } from '../identity/identity';
import type { Identity } from '../identity/identity';
import { createOutsideIdentity } from '../identity/outside';
import type { OutsideIdentity, OutsideOptions } from '../identity/outside';
import { startFeeder } from '../hooks/feeder';
import { teamSecrets } from '../hooks/published-hooks';
import { createLive } from '../live';
import type { Live } from '../live';
import { createCheckpointer } from '../evidence/checkpointer';
import type { Checkpointer, CheckpointerOptions } from '../evidence/checkpointer';
import { createRegistry } from '../published-registry';
import { voteGrants } from '../channels/vote-grants';
import type { ReplyPlace } from '../channels/reply';
import type { ReplyListener } from '../channels/reply-listener';
import { markOrphans } from '../orphaned-locks';
import { createTemporalEngines } from '../temporal-engine';
import { requestHeaders } from '../temporal-engine/request-headers';
import { startDelivery } from '../temporal-engine/deliveries';
import { isRunAlive } from '../temporal-engine/liveness';
import { buildApp } from './app';
import { channelNames } from './context';
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
  const { namespace } = config.temporal;
  const interceptors = { workflow: [requestHeaders] };
  const client = new Client({ connection, namespace, dataConverter: dataConverter(config), interceptors });
  const engines = createTemporalEngines({ store, client, taskQueue, answerTimeoutMs });
  const token = await readToken(paths);
  const { replies, publicUrl } = config.channels;
  const installationKey = await readInstallationKey(paths);
  const people = new People(store.definitions);
  const { identity, oidc } = await identityOf(config, { store, token, installationKey, people, logger });
  const channels = channelsOf(config, { engine: engines.engine, store, people, identity, installationKey });
  const signingKey = await loadSigningKey(paths.signingKey);
  const checkpointer = checkpointerOf(config, { store, key: signingKey, logger, now: Date.now });
  const live = createLive(store);
  const app = buildApp({
    context: {
      ...engines,
      store,
      identity,
      live,
      registry: createRegistry(store),
      version: packageVersion(),
      signingKey,
      checkpointer,
      channels: channelNames.filter((name) => config.channels[name] !== null),
      reachable: (person) => reachable(person, config.channels),
      workers: () => workerPresence(connection, namespace),
    },
    token,
    ...(publicUrl === null ? {} : { channels }),
    hookSecrets: secretsOf(config, store),
    logger,
    perimeter: { trustedProxies: config.api.trustedProxies, publicUrl },
    ...(oidc === null ? {} : { oidc }),
  });
  const stopChores = startChores(config, { store, client, engines, live, identity, checkpointer, logger });
  const listener = replies === null ? null : await listenForReplies({ ...channels, settings: replies }, logger);
  const server = await listen(app, config.api, logger);
  logger.info({ url: server.url, outerUrl: server.outerUrl }, 'listening');
  exitWhenParentGoes({
    supervised: config.supervised,
    stop: async () => {
      await Promise.all([stopChores(), listener?.stop(), server.stop()]);
      await connection.close();
      await store.close();
    },
  });
  announceReady({ url: server.url, port: server.port });
}

interface ChannelParts extends Pick<ChannelContext, 'engine' | 'store' | 'people'> {
  readonly identity: Identity;
  readonly installationKey: Uint8Array;
}

function channelsOf({ channels }: Config, { identity, installationKey, ...parts }: ChannelParts): ChannelContext {
  return {
    ...parts,
    voteKey: voteKeyOf(installationKey),
    now: Date.now,
    chat: chatOf(channels.chat),
    mayAnswer: voteGrants(parts.store, identity.grants, Date.now),
  };
}

interface ChoreParts {
  readonly store: Store;
  readonly client: Client;
  readonly engines: ReturnType<typeof createTemporalEngines>;
  readonly live: Live;
  readonly identity: Identity;
  readonly checkpointer: Checkpointer;
  readonly logger: Logger;
}

/** What the API sees to besides answering. Answers how to stop all of it. */
function startChores(config: Config, parts: ChoreParts): () => Promise<void> {
  const { store, client, checkpointer, identity, live, logger } = parts;
  const { engine, changes, backups } = parts.engines;
  const stopRecovering = recoverAgainAndAgain(async () => {
    const isAlive = (runId: string): Promise<boolean> => isRunAlive(client, runId);
    if ((await markOrphans({ locks: store.locks, isAlive, now: Date.now })) > 0) await engine.wakeWaiting();
    return (await engine.recover()) + (await changes.recover()) + (await backups.recover());
  }, logger);
  const stopRetention = startRetention({ ...store, keepDays: config.keepOutputDays, logger });
  const stopCheckpoints = checkpointer.start();
  const stopFeeder = startFeeder({
    store,
    live,
    grants: identity.grants,
    startDelivery: (input) => startDelivery({ client, taskQueue, answerTimeoutMs }, input),
    logger,
    now: Date.now,
  });
  return async () => {
    stopRecovering();
    await stopRetention();
    await stopCheckpoints();
    await stopFeeder();
  };
}

interface IdentityParts extends Pick<OutsideOptions, 'people' | 'logger' | 'installationKey'> {
  readonly store: Store;
  readonly token: string;
}

async function identityOf(
  config: Config,
  { store, token, ...others }: IdentityParts,
): Promise<{ readonly identity: Identity; readonly oidc: OutsideIdentity['oidc'] }> {
  const { identity: settings, channels } = config;
  const outside = await createOutsideIdentity({ settings, publicUrl: channels.publicUrl, store, ...others });
  const renewing = outside === null ? {} : { renew: outside.renew };
  const identity = createIdentity({ store, adminToken: token, now: Date.now, ...renewing });
  return { identity, oidc: outside?.oidc ?? null };
}

function checkpointerOf(
  { evidence: { checkpointFile: file, timestampUrl } }: Config,
  place: Pick<CheckpointerOptions, 'store' | 'key' | 'logger' | 'now'>,
): Checkpointer {
  const stamp = timestampUrl === null ? null : (text: string) => timestamp(timestampUrl, text);
  return createCheckpointer({ ...place, file, stamp });
}

/** Of hooks: what the team that owns one may use. */
function secretsOf({ vault }: Config, store: Store): Secrets {
  return createSecrets({
    vault,
    environment: (name) => readEnvironmentSecret(name),
    grants: (owner) => teamSecrets(store, owner),
  });
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
