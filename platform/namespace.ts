import { isGrpcServiceError } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';

import { OperatorError } from './system-error';
import { waitUntil } from './wait-until';

/** Closed runs stay for thirty days. The embedded server makes a namespace with one day, whatever it is asked. */
export const retentionSeconds = 30 * 24 * 60 * 60;
const retention = msToTs(retentionSeconds * 1000);

const keyword = 2;
const keywordList = 7;

/** Never of type Text: a colon in a value loses the whole row on PostgreSQL. */
export const searchAttributes = {
  RunbookId: keyword,
  RunState: keyword,
  Requester: keyword,
  TriggerKind: keyword,
  Targets: keywordList,
} as const;

const namespaceTimeoutMs = 60_000;
const grpcNotFound = 5;
const grpcAlreadyExists = 6;

/** Makes the namespace what runs need. Repeating it changes nothing; `owned` says that its settings are ours to change. */
export async function ensureNamespace(connection: Connection, namespace: string, owned: boolean): Promise<void> {
  await ensureRegistered(connection, namespace);
  if (owned) await setRetention(connection, namespace);
  await ensureSearchAttributes(connection, namespace);
}

async function ensureRegistered(connection: Connection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    if (!hasGrpcCode(error, grpcNotFound)) throw error;
    await registerNamespace(connection, namespace);
    await waitUntil({
      what: `namespace "${namespace}" on the Temporal server`,
      withinMs: namespaceTimeoutMs,
      hint: 'Try again: the server shows a new namespace to all its parts after a while.',
      check: () => isKnownEverywhere(connection, namespace),
    });
  }
}

/** Servers look namespaces up in caches that are read anew every few seconds. */
async function isKnownEverywhere(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.operatorService.listSearchAttributes({ namespace });
    await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1 });
    return true;
  } catch (error) {
    if (hasGrpcCode(error, grpcNotFound)) return false;
    throw error;
  }
}

async function registerNamespace(connection: Connection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: retention,
    });
  } catch (error) {
    if (!hasGrpcCode(error, grpcAlreadyExists)) throw error;
  }
}

async function setRetention(connection: Connection, namespace: string): Promise<void> {
  const found = await connection.workflowService.describeNamespace({ namespace });
  if (Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) === retentionSeconds) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: retention },
  });
}

async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(searchAttributes).filter(([name]) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
  } catch (error) {
    if (hasGrpcCode(error, grpcAlreadyExists)) return;
    throw cannotAdd(namespace, missing, error);
  }
}

function cannotAdd(namespace: string, missing: readonly (readonly [string, number])[], cause: unknown): OperatorError {
  const names = missing.map(([name, type]) => `${name}=${type === keyword ? 'Keyword' : 'KeywordList'}`);
  return new OperatorError({
    code: 'SEARCH_ATTRIBUTES_MISSING',
    message: `Cannot add search attributes to namespace "${namespace}": the server refused`,
    hint: `Let an administrator of that server add ${names.join(', ')}.`,
    cause,
  });
}

function hasGrpcCode(error: unknown, code: number): boolean {
  return isGrpcServiceError(error) && error.code === code;
}
