import { Connection } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/common/lib/internal-non-workflow';

import type { TemporalSettings, TlsSettings } from './config';

/** The one task queue of this version. */
export const taskQueue = 'mainstay';

export interface TemporalConnectionOptions {
  readonly address: string;
  readonly tls: TLSConfig | false;
  readonly apiKey?: string;
}

/** For `Connection.connect` and `NativeConnection.connect` alike. */
export function temporalConnectionOptions(settings: TemporalSettings): TemporalConnectionOptions {
  if (settings.address === null) {
    throw new Error('Cannot connect to Temporal: TEMPORAL_ADDRESS is not set and no embedded server was started');
  }
  return {
    address: settings.address,
    tls: settings.tls === null ? false : tlsOptions(settings.tls),
    ...(settings.apiKey === null ? {} : { apiKey: settings.apiKey.reveal() }),
  };
}

export function connectTemporal(settings: TemporalSettings): Promise<Connection> {
  return Connection.connect(temporalConnectionOptions(settings));
}

function tlsOptions(tls: TlsSettings): TLSConfig {
  return {
    ...(tls.serverName === null ? {} : { serverNameOverride: tls.serverName }),
    ...(tls.rootCertificate === null ? {} : { serverRootCACertificate: tls.rootCertificate }),
    ...(tls.client === null ? {} : { clientCertPair: { crt: tls.client.certificate, key: tls.client.key } }),
  };
}
