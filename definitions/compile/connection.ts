import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import type { Value } from '../../workflows/domain/value';
import type { ConnectionPlan } from '../../workflows/runbook/plan';
import type { Connection } from '../kinds/connection';
import { isSecretReference } from '../../workflows/domain/secret-reference';
import { listOf, mapOf } from './values';

/** A connection as the plan carries it: what is a reference to a secret stays one. */
export function compileConnection(connection: Connection): ConnectionPlan {
  const settings = Object.entries(connection).flatMap(([name, value]) =>
    name === 'type' ? [] : [[name, setting(value)] as const],
  );
  return { type: connection.type, settings: Object.fromEntries(settings) };
}

/** `{secret: vault:…}`, or the reference itself. */
function setting(value: Json): Value {
  if (isList(value)) return listOf(value.map(setting));
  if (isObject(value)) {
    const { secret } = value;
    if (typeof secret === 'string' && Object.keys(value).length === 1) return { secret };
    return mapOf(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, setting(member)])));
  }
  return typeof value === 'string' && isSecretReference(value) ? { secret: value } : { literal: value };
}
