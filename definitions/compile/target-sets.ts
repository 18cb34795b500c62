import { createHash } from 'node:crypto';

import { canonicalJson } from '../../workflows/domain/canonical-json';
import type { JsonObject } from '../../workflows/domain/json';
import type { PlanHostStep, TargetSet } from '../../workflows/runbook/plan';
import { shardSize } from '../../workflows/domain/shard';
import { readLabels, readVars } from './inventory-view';
import type { HostFieldsRead } from './inventory-view';
import type { ResolvedHost } from '../inventory';

/** The address of a step's undo, which is one operation, ends so. */
export const undoSuffix = '!undo';

/** The target sets of a plan while it is made: ordered names, and what was decided per host for each step. */
export class TargetSets {
  readonly #keys = new Map<string, string>();
  readonly #members = new Map<string, readonly string[]>();
  readonly #decided = new Map<string, Map<string, { [at: string]: PlanHostStep }>>();

  /** The key of this ordered list; equal lists share one. */
  define(names: readonly string[]): string {
    const text = JSON.stringify(names);
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    const key = `hosts${this.#keys.size + 1}`;
    this.#keys.set(text, key);
    this.#members.set(key, names);
    return key;
  }

  members(key: string): readonly string[] {
    return this.#members.get(key) ?? [];
  }

  /** What a plan-phase expression over `host` gave for one host and step. */
  decide(key: string, host: string, decision: { readonly at: string; readonly step: PlanHostStep }): void {
    const hosts = this.#decided.get(key) ?? new Map<string, { [at: string]: PlanHostStep }>();
    const steps = hosts.get(host) ?? {};
    steps[decision.at] = { ...steps[decision.at], ...decision.step };
    hosts.set(host, steps);
    this.#decided.set(key, hosts);
  }

  /** Names of all hosts of all sets. */
  names(): ReadonlySet<string> {
    return new Set([...this.#members.values()].flat());
  }

  /** Content-addressed shards, each the material projection of at most 100 hosts. */
  finish(describe: (name: string) => JsonObject): {
    readonly sets: { readonly [key: string]: TargetSet };
    readonly blobs: ReadonlyMap<string, Uint8Array>;
  } {
    const blobs = new Map<string, Uint8Array>();
    const sets: { [key: string]: TargetSet } = {};
    for (const [key, names] of this.#members) {
      const shards: string[] = [];
      for (let start = 0; start < names.length; start += shardSize) {
        const hosts = names.slice(start, start + shardSize).map((name) => this.#host(key, name, describe));
        const bytes = Buffer.from(canonicalJson({ hosts }));
        const digest = createHash('sha256').update(bytes).digest('hex');
        blobs.set(digest, bytes);
        shards.push(digest);
      }
      sets[key] = { count: names.length, shards };
    }
    return { sets, blobs };
  }

  #host(key: string, name: string, describe: (name: string) => JsonObject): JsonObject {
    const decided = this.#decided.get(key)?.get(name) ?? {};
    const steps: { [at: string]: JsonObject } = {};
    for (const [at, step] of Object.entries(decided)) {
      const base = at.endsWith(undoSuffix) ? decided[at.slice(0, -undoSuffix.length)] : undefined;
      const whole = { ...base, ...step };
      // What an undo shares with its step stands there once: the worker looks under both addresses.
      if (base === undefined || canonicalJson(whole) !== canonicalJson({ ...base })) steps[at] = whole;
    }
    return { ...describe(name), steps };
  }
}

/** What is material of a host: how it is reached, and what expressions read of it. */
export function planHost(
  host: ResolvedHost,
  read: HostFieldsRead,
  reach: { readonly port: number; readonly user: string },
): JsonObject {
  const { name, address, connection, hostKey, jobDir, jobDirVolatile, become } = host;
  return {
    name,
    address,
    ...reach,
    ...(connection === undefined ? {} : { connection }),
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(jobDir === undefined ? {} : { jobDir }),
    ...(jobDirVolatile === undefined ? {} : { jobDirVolatile }),
    ...(become === undefined ? {} : { become: { ...become } }),
    labels: readLabels(host, read),
    groups: read.groups ? host.groups : [],
    vars: readVars(host, read),
  };
}
