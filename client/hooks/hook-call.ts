import { createHash } from 'node:crypto';

import type { LoadedHook } from '../../definitions/document';
import type { Secrets } from '../../platform/secrets';
import type { RunRow, Store } from '../../platform/store/store';
import { filled } from '../../workflows/domain/filled';
import type { Json, JsonObject } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { textOf } from '../../workflows/domain/render';
import { createAccess } from '../access';
import type { Access } from '../access';
import type { GrantBook } from '../access-grants';
import { RequestError } from '../api/errors';
import type { Engine } from '../engine';
import { requireRun } from '../journaled';
import type { Registry } from '../registry';
import { newRunId } from '../run-identity';
import { hookSecrets, requireHook } from './published-hooks';
import { isOneOf, isSigned, isSignedAsGithub } from '../../platform/webhook-signature';
import { authOfHook, signedHeaders } from '../../definitions/kinds/hook';
import type { Secret } from '../../platform/secret';

export interface HookPlace {
  readonly store: Store;
  readonly engine: Pick<Engine, 'start' | 'signal'>;
  readonly registry: Pick<Registry, 'compile' | 'scopeOf'>;
  readonly secrets: Secrets;
  readonly grants: Pick<GrantBook, 'grantsOf'>;
  readonly now: () => number;
}

export interface HookCall {
  readonly name: string;
  /** In lower case. */
  readonly headers: { readonly [name: string]: string };
  /** As it was sent. */
  readonly body: Uint8Array;
}

/** `duplicate`: a call with the same key came before, and this is what came of it. */
export type HookOutcome =
  | { readonly outcome: 'started'; readonly run: number; readonly id: string; readonly duplicate: boolean }
  | { readonly outcome: 'signalled'; readonly run: number; readonly id: string }
  | { readonly outcome: 'ignored' };

/**
 * What comes of a call from outside.
 *
 * - H1 Nothing of a call is looked at before it has shown that it knows the secret.
 * - H2 What a hook does it does as `service/hook-<name>`, folders with a dot, and may no more than that was granted.
 * - H3 A key gives one run, however often it is sent and whoever dies meanwhile: the id of the run is made from it.
 * - H4 Where calls are signed, what a hook does, and whether it did it before, follows from what is signed: a header that anybody between can
 *   change decides nothing. GitHub signs no header at all, not even the id of a delivery: the id of its calls is made from the body. Only in a
 *   header it says what has happened: `when` alone may read it.
 */
export async function takeCall(place: HookPlace, call: HookCall): Promise<HookOutcome> {
  const hook = await requireHook(place.store, call.name);
  await requireSecret(place, hook, call);
  const scope = { body: bodyOf(call), headers: trustedHeaders(hook, call), id: idOf(hook, call) };
  const { when, start, signal } = hook.spec;
  const told = {
    ...scope,
    headers: authOfHook(hook.spec).mode === 'github' ? publicHeaders(hook, call) : scope.headers,
  };
  if (when !== undefined && valueOf(hook, when, told) !== true) return { outcome: 'ignored' };
  const caller: Caller = { hook, scope, key: keyOf(hook, scope), access: await accessOf(place, hook) };
  if (start !== undefined) return startRun(place, caller, start);
  if (signal !== undefined) return signalRun(place, caller, signal);
  return { outcome: 'ignored' };
}

interface Caller {
  readonly hook: LoadedHook;
  readonly scope: { readonly body: Json; readonly headers: JsonObject; readonly id: string };
  /** Null: nothing tells this call from another. */
  readonly key: string | null;
  readonly access: Access;
}

async function requireSecret(place: HookPlace, hook: LoadedHook, call: HookCall): Promise<void> {
  const known = await hookSecrets(place.secrets, hook);
  if (isFromKnown(hook, call, { secrets: known, nowMs: place.now() })) return;
  throw new RequestError(
    'HOOK_REFUSED',
    `Cannot take the call of hook "${call.name}": it is not signed, or not for now`,
  );
}

function isFromKnown(
  hook: LoadedHook,
  call: HookCall,
  known: { readonly secrets: readonly Secret[]; readonly nowMs: number },
): boolean {
  const { mode, header } = authOfHook(hook.spec);
  const { headers, body } = call;
  const given = headers[header] ?? '';
  switch (mode) {
    case 'standard':
      return isSigned({ id: idOf(hook, call), timestamp: headers['webhook-timestamp'] ?? '', body }, given, known);
    case 'github':
      return isSignedAsGithub(body, given, known.secrets);
    case 'token':
      return isOneOf(known.secrets, header === 'authorization' ? (/^Bearer (.+)$/.exec(given)?.[1] ?? '') : given);
  }
}

/** By what one message is told from another, and one that is sent again is known. H4. */
function idOf({ spec }: LoadedHook, { headers, body }: HookCall): string {
  const { mode } = authOfHook(spec);
  switch (mode) {
    case 'standard':
      return headers['webhook-id'] ?? '';
    case 'github':
      return createHash('sha256').update(body).digest('hex');
    case 'token':
      return headers['webhook-id'] ?? headers['idempotency-key'] ?? '';
  }
}

/** What shows who calls is no business of expressions. */
function publicHeaders({ spec }: LoadedHook, { headers }: HookCall): JsonObject {
  const secret = ['authorization', 'cookie', 'webhook-signature', 'x-hub-signature-256', authOfHook(spec).header];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.includes(name)));
}

/** H4. What `start`, `signal` and `key` read of the headers. */
function trustedHeaders(hook: LoadedHook, call: HookCall): JsonObject {
  const signed = signedHeaders[authOfHook(hook.spec).mode];
  const all = publicHeaders(hook, call);
  return signed === null ? all : Object.fromEntries(Object.entries(all).filter(([name]) => signed.includes(name)));
}

/** Deeper than what anybody sends on purpose, and than what can be walked through. */
const deepestBody = 100;

/** What is no JSON is a text. */
function bodyOf({ name, body }: HookCall): Json {
  const text = Buffer.from(body).toString('utf8');
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (isDeeper(value, deepestBody))
    throw new RequestError('HOOK_FAILED', `Cannot read the call of hook "${name}": it is nested too deeply`);
  return value;
}

function isDeeper(value: Json, left: number): boolean {
  if (!isList(value) && !isObject(value)) return false;
  const members: readonly Json[] = isList(value) ? value : Object.values(value);
  return left === 0 || members.some((member) => isDeeper(member, left - 1));
}

function keyOf(hook: LoadedHook, scope: Caller['scope']): string | null {
  const { key } = hook.spec;
  const name = `hook/${hook.metadata.name}`;
  if (key === undefined) return scope.id === '' ? null : `${name}/id/${scope.id}`;
  const text = textOf(valueOf(hook, key, scope));
  if (text === null || text === '')
    throw new RequestError('HOOK_FAILED', `Cannot take the call of hook "${hook.metadata.name}": its key is no text`);
  return `${name}/key/${text}`;
}

function valueOf({ metadata }: LoadedHook, value: Json, scope: Caller['scope']): Json {
  const found = filled(value, scope);
  if (found.ok) return found.value;
  throw new RequestError('HOOK_FAILED', `Cannot take the call of hook "${metadata.name}": ${found.failure.message}`);
}

async function accessOf({ grants }: HookPlace, { metadata }: LoadedHook): Promise<Access> {
  // No actor has a slash in its name, and no hook a dot.
  const actor = `service/hook-${metadata.name.replaceAll('/', '.')}`;
  return createAccess({
    actor,
    via: `hook/${metadata.name}`,
    grants: await grants.grantsOf({ actor, given: null, groups: [] }),
    proof: { kind: 'none' },
  });
}

type Start = NonNullable<LoadedHook['spec']['start']>;

async function startRun(place: HookPlace, caller: Caller, start: Start): Promise<HookOutcome> {
  const { hook, access, key } = caller;
  const earlier = key === null ? null : await earlierRun(place, key);
  if (earlier !== null) return started(earlier, true);
  const { runbook: definition, inventory } = start;
  const named = { definition, ...(inventory === undefined ? {} : { inventory }) };
  access.require('run.start', (await place.registry.scopeOf(named)) ?? {});
  const inputs = valueOf(hook, start.inputs ?? {}, caller.scope);
  const bundle = await place.registry.compile({ ...named, inputs: isObject(inputs) ? inputs : {} });
  try {
    const { actor: requester, via } = access;
    return started(
      await place.engine.start({ ...bundle, requester, via, ...(key === null ? {} : { idempotencyKey: key }) }),
      false,
    );
  } catch (error) {
    // Sent twice at once, and the runbook was published anew in between: the first one stands (H3).
    const twin = key === null ? null : await earlierRun(place, key);
    if (twin === null) throw error;
    return started(twin, true);
  }
}

async function earlierRun({ store }: HookPlace, key: string): Promise<RunRow | null> {
  const { id } = await store.installation();
  return store.views.run(newRunId(id, key));
}

function started({ number, id }: Pick<RunRow, 'number' | 'id'>, duplicate: boolean): HookOutcome {
  return { outcome: 'started', run: number, id, duplicate };
}

type Signal = NonNullable<LoadedHook['spec']['signal']>;

async function signalRun(place: HookPlace, caller: Caller, signal: Signal): Promise<HookOutcome> {
  const { hook, access, key } = caller;
  const reference = textOf(valueOf(hook, signal.run, caller.scope)) ?? '';
  const run = await requireRun(place.store, reference);
  access.require('run.control', run.scope);
  const data = valueOf(hook, signal.data ?? '${{ body }}', caller.scope);
  const { actor, via } = access;
  await place.engine.signal(run.id, { name: signal.name, data, actor, via, id: key ?? crypto.randomUUID() });
  return { outcome: 'signalled', run: run.number, id: run.id };
}
