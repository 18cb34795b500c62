import { join } from 'node:path';

import type { DataConverter } from '@temporalio/common';

import type { Config } from './config';
import { createPayloadCodec } from './payload-codec';
import { OperatorError } from './system-error';

type Payloads = Pick<Config, 'payloads' | 'temporal' | 'databaseUrl'>;

/**
 * How values become what Temporal keeps, for workers and clients alike: whoever writes what another reads must do it the same way.
 * The messages and stack traces of failures are payloads too.
 */
export function dataConverter(config: Payloads): DataConverter {
  const { keys } = config.payloads;
  return { payloadCodecs: [createPayloadCodec({ keys, encrypts: encryptsPayloads(config) })], failureConverterPath };
}

/** Bundled with the workflows as well: they make failures, too. */
export const failureConverterPath = join(__dirname, '..', 'workflows', 'failure-converter');

/**
 * Encrypted by default where the histories may lie with others: with a server or a database of one's own. The embedded server keeps them
 * in the data directory, beside the journal, which says the same in clear: a key that lies there too would protect nothing.
 */
export function encryptsPayloads({ payloads, temporal, databaseUrl }: Payloads): boolean {
  const { encryption, keys } = payloads;
  if (encryption === 'off') return false;
  if (keys.length > 0) return true;
  if (temporal.address === null && databaseUrl === null) return false;
  throw new OperatorError({
    code: 'PAYLOAD_KEYS_MISSING',
    message:
      'Cannot start: payloads are encrypted where a server or a database of your own is used, and no key is given',
  });
}
