import type { JsonObject } from '../../workflows/domain/json';
import type { Scope } from '../../workflows/domain/value';
import type { PlanHost } from '../../workflows/runbook/plan';
import type { Batch, Unit } from './batch';

/** The names that expressions see at one place: what the interpreter gave, the host, and the records of its own steps. */
export function scopeOf(batch: Batch, { host, delegate }: Unit): Scope {
  const { scope } = batch.request;
  if (host === null) return scope;
  const records = batch.records.get(host.name) ?? {};
  const steps = isObject(scope['steps']) ? { ...scope['steps'], ...records } : records;
  return {
    ...scope,
    steps,
    host: { ...hostNames(host), steps: records },
    ...(delegate === null ? {} : { delegate: hostNames(delegate) }),
  };
}

function hostNames({ name, address, labels, groups, vars }: PlanHost): JsonObject {
  return { name, address, labels, groups, vars };
}

function isObject(value: Scope[string] | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
