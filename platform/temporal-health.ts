import { connect } from 'node:net';

import type { Connection } from '@temporalio/client';

import type { TemporalSettings } from './config';
import { connectTemporal } from './temporal';

const servingStatus = 1;
const workflowTaskQueue = 1;
const pollMs = 50;

/**
 * Waits until the server answers, and hands over the connection. The port is knocked at first: a gRPC channel that was refused
 * once waits a second and more before it tries again.
 */
export async function waitForTemporal(settings: TemporalSettings, signal: AbortSignal): Promise<Connection> {
  const { host, port } = hostAndPort(settings.address ?? '');
  for (;;) {
    signal.throwIfAborted();
    const connection = (await knock(host, port)) ? await tryConnect(settings) : null;
    if (connection !== null) return connection;
    await pause();
  }
}

export async function isServing(connection: Connection): Promise<boolean> {
  try {
    const health = await connection.withDeadline(Date.now() + 3000, () =>
      connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' }),
    );
    return Number(health.status) === servingStatus;
  } catch {
    return false;
  }
}

/** Does somebody take workflow tasks from the queue? */
export async function hasPoller(
  connection: Connection,
  place: { readonly namespace: string; readonly taskQueue: string },
): Promise<boolean> {
  const queue = await connection.workflowService.describeTaskQueue({
    namespace: place.namespace,
    taskQueue: { name: place.taskQueue },
    taskQueueType: workflowTaskQueue,
  });
  return queue.pollers.length > 0;
}

/** True when something accepts connections there. */
export function knock(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}

export function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replaceAll(/[[\]]/g, ''), port: Number(address.slice(colon + 1)) };
}

async function tryConnect(settings: TemporalSettings): Promise<Connection | null> {
  try {
    const connection = await connectTemporal(settings);
    if (await isServing(connection)) return connection;
    await connection.close();
    return null;
  } catch {
    return null;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pollMs));
}
