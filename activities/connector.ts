import type { z } from 'zod';

import type { EffectClass } from '../workflows/domain/effect-class';
import type { EffectIdentity } from '../workflows/domain/effect-path';
import type { Failure } from '../workflows/domain/failure';
import type { Json, JsonObject } from '../workflows/domain/json';
import type { BecomePlan, ConnectionPlan } from '../workflows/runbook/plan';

/** A connector as authors and the compiler know it: what it can do, with which input, and what a repeat does. No client code. */
export interface ConnectorManifest {
  readonly name: string;
  readonly title: string;
  /** Schema of `Connection.spec` for `type: <name>`; absent: it needs none. */
  readonly connection?: z.ZodType;
  /** Its settings that are secrets (`auth.bearer`): authors write references, never values. */
  readonly secrets?: readonly string[];
  readonly operations: { readonly [name: string]: OperationManifest };
  /** Codes that its operations can fail with, what the engine says about them included: what `retry.on` may name. Absent: any. */
  readonly failures?: readonly string[];
}

export interface OperationManifest {
  readonly title: string;
  /** On a host of the inventory (its identity in paths is the host), or on the worker. */
  readonly on: 'host' | 'worker';
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** A class, or a function of the literal part of the input (`http.request`: by method). */
  readonly effect: EffectClass | ((input: unknown) => EffectClass);
  /** A `journaled` or other non-light operation is a normal activity. */
  readonly light: boolean;
  readonly timeoutMs: number;
  /** Encodings of interpolated parts, by input field (`language.md` section 4). */
  readonly formats?: { readonly [field: string]: 'uri' | 'ldap-dn' | 'ldap-filter' | 'sql-value' };
  /** The operation's own inverse, for `undo: restore`. */
  readonly inverse?: string;
}

/** How a connector does it. One factory per connector, dependencies through it; lives in `operations.ts`. */
export interface ConnectorImplementation {
  readonly operations: { readonly [name: string]: OperationImplementation };
  close(): Promise<void>;
}

export interface OperationImplementation {
  perform(input: JsonObject, context: OperationContext): Promise<OperationResult>;
  /** Ends a job that an earlier `perform` of the same identity left running. Absent: nothing outlives `perform`. */
  cancel?(
    input: JsonObject,
    context: OperationContext & { readonly graceMs: number },
  ): Promise<'succeeded' | 'failed' | 'cancelled' | 'unknown' | 'pending'>;
}

/** What the target did. A failure of the target is a value; only trouble of the worker itself is thrown (and retried by Temporal). */
export interface OperationResult {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  /** The operation's result in the shape of its output schema; what `result` is in `pass`. */
  readonly result: JsonObject;
  readonly changed: boolean;
  readonly error?: Failure;
  /** Epoch ms, from the job's own record where there is one. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly output?: OutputSummary;
}

export interface OutputSummary {
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly stdoutDigest: string;
  readonly stderrDigest: string;
}

export interface OperationContext {
  readonly identity: EffectIdentity;
  /** `effectKey(identity)`. */
  readonly key: string;
  readonly host?: TargetHost;
  /** The connection with secrets resolved, and where it is resolved no further than this call. */
  readonly connection?: ConnectionSettings;
  /** One attempt on this host. */
  readonly timeoutMs: number;
  /** On abort: stop watching, leave the remote job alone (D2). */
  readonly signal: AbortSignal;
  /** Streams go to the output store as they come, masked. */
  readonly output: OutputSink;
  /** What an earlier attempt had recorded by `dispatched` under this identity: known before the host is reached, so that "cannot connect" is not taken for "never started". */
  readonly earlier: { readonly rootId: string; readonly bootId: string } | null;
  /** The effect is `read` or `idempotent`: what vanished is started anew instead of becoming `unknown`. */
  readonly repeatable: boolean;
  /** D3: journaled before the launch, awaited. Answers what an earlier dispatch of the same identity had recorded, or null. */
  dispatched(ids: {
    readonly rootId: string;
    readonly bootId: string;
  }): Promise<{ readonly rootId: string; readonly bootId: string } | null>;
  /** Highest fencing tokens of the locks that the step holds. */
  readonly fences: { readonly [lock: string]: number };
  /** Same key on the target where it accepts one (`keyed`). */
  readonly idempotencyKey: string;
  /** A file of the plan, by digest (`{blob, name}` in an input). */
  blob(digest: string): Promise<Uint8Array>;
}

export interface OutputSink {
  write(stream: 'stdout' | 'stderr', offset: number, bytes: Uint8Array): void;
}

/** A host as an operation sees it. */
export interface TargetHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey?: string;
  readonly jobDir?: string;
  readonly jobDirVolatile: boolean;
  /** User to become, from the step's `as`; absent: the login user. */
  readonly as?: string;
  readonly become: BecomePlan & { readonly passwordValue?: string };
}

export interface ConnectionSettings {
  readonly name: string;
  readonly type: ConnectionPlan['type'];
  readonly settings: { readonly [name: string]: Json };
}

export type Catalogue = { readonly [connector: string]: ConnectorManifest };
