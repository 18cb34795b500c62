import type { Config } from '../platform/config';
import type { ConnectorImplementation } from './connector';
import { createCore } from './core/operations';
import { createHttp } from './http/operations';
import { createPrometheus } from './prometheus/operations';
import { createSsh } from './ssh/operations';
import type { LoginDefaults } from './ssh/target';

export interface ImplementationOptions {
  readonly config: Pick<Config, 'http'>;
  readonly ssh: LoginDefaults;
}

/** One factory for each connector of the catalogue. */
export function createImplementations(options: ImplementationOptions): {
  readonly [connector: string]: ConnectorImplementation;
} {
  return {
    core: createCore(),
    http: createHttp(options.config.http),
    prometheus: createPrometheus(options.config.http),
    ssh: createSsh({ login: options.ssh }),
  };
}
