import type { ConnectorManifest } from '../connector';
import { PrometheusConnection, QueryInput, QueryOutput } from './schema';

export const prometheusManifest: ConnectorManifest = {
  name: 'prometheus',
  title: 'Queries of a Prometheus server',
  connection: PrometheusConnection,
  secrets: ['auth.bearer', 'auth.password'],
  operations: {
    query: {
      title: 'Asks for the value of a query at one instant',
      on: 'worker',
      input: QueryInput,
      output: QueryOutput,
      effect: 'read',
      light: false,
      timeoutMs: 30_000,
      formats: { url: 'uri' },
    },
  },
};
