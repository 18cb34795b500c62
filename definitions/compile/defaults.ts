import type { Defaults, Shell, Targets } from '../../workflows/runbook/fields/schema';
import { placed } from './site';
import type { Placed, Site } from './site';

/** What steps take when they say nothing themselves. The nearest wins; `env` merges by key. */
export interface EffectiveDefaults {
  readonly targets?: Placed<Targets>;
  readonly as?: Placed<string>;
  readonly timeout?: Placed<string>;
  readonly cwd?: Placed<string>;
  readonly shell?: Placed<Shell>;
  readonly connection?: Placed<string>;
  readonly env: { readonly [name: string]: Placed<string> };
}

export const noDefaults: EffectiveDefaults = { env: {} };

/** `site` is where the fields stand: a `defaults` map, or a step whose undo and probe inherit from it. */
export function mergeDefaults(
  outer: EffectiveDefaults,
  fields: Partial<Defaults> | undefined,
  site: Site,
): EffectiveDefaults {
  if (fields === undefined) return outer;
  const { targets, as, timeout, cwd, shell, connection } = fields;
  return {
    ...outer,
    ...(targets === undefined ? {} : { targets: placed(site, targets, 'targets') }),
    ...(as === undefined ? {} : { as: placed(site, as, 'as') }),
    ...(timeout === undefined ? {} : { timeout: placed(site, timeout, 'timeout') }),
    ...(cwd === undefined ? {} : { cwd: placed(site, cwd, 'cwd') }),
    ...(shell === undefined ? {} : { shell: placed(site, shell, 'shell') }),
    ...(connection === undefined ? {} : { connection: placed(site, connection, 'connection') }),
    env: mergeEnv(outer.env, fields.env, site),
  };
}

export function mergeEnv(outer: EffectiveDefaults['env'], env: Defaults['env'], site: Site): EffectiveDefaults['env'] {
  if (env === undefined) return outer;
  const own = Object.entries(env).map(([name, value]) => [name, placed(site, value, 'env', name)] as const);
  return { ...outer, ...Object.fromEntries(own) };
}
