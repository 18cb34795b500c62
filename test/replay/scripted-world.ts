import { once } from 'node:events';

import type { ConnectorImplementation, OperationContext, OperationResult } from '../../activities/connector';
import type { JsonObject } from '../../workflows/domain/json';

/** Hosts and a shop that do as the words of a command say, so that a history needs no host to be recorded. */
export function scriptedWorld(): { readonly [connector: string]: ConnectorImplementation } {
  return {
    ssh: {
      operations: { exec: { perform: performCommand, cancel: () => Promise.resolve('cancelled') } },
      close: () => Promise.resolve(),
    },
    http: { operations: { request: { perform: askShop } }, close: () => Promise.resolve() },
  };
}

async function performCommand(input: JsonObject, context: OperationContext): Promise<OperationResult> {
  const [word] = Array.isArray(input['command']) ? input['command'] : [];
  const { generation } = context.identity;
  switch (word) {
    case 'wait':
      await once(context.signal, 'abort');
      throw context.signal.reason;
    case 'vanish':
      return result('unknown', {});
    case 'fail-once':
      return generation === 1 && context.host?.name === 'web2'
        ? result('failed', { exitCode: 1 })
        : result('succeeded', { exitCode: 0 });
    default:
      return result('succeeded', { exitCode: 0, stdout: '1.0.0' });
  }
}

/** Well, but for the end of the first wave. */
function askShop(_input: JsonObject, { key }: OperationContext): Promise<OperationResult> {
  return Promise.resolve(result('succeeded', { status: key.includes('wave:1/') ? 500 : 200 }));
}

function result(status: OperationResult['status'], fields: JsonObject): OperationResult {
  const now = Date.now();
  const error = { code: 'EXIT_CODE', message: 'Cannot finish the command: the script says so' };
  return {
    status,
    result: fields,
    changed: true,
    startedAt: now,
    endedAt: now,
    ...(status === 'succeeded' ? {} : { error }),
  };
}
