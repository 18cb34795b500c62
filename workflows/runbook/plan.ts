import type { ApprovalRule } from '../domain/approval-rule';
import type { EffectClass } from '../domain/effect-class';
import type { InputRule } from '../domain/input-rule';
import type { Json } from '../domain/json';
import type { SeatLimits } from '../domain/seats';
import type { FailureDomain } from '../domain/waves';
import type { Expression, SecretReference, Value } from '../domain/value';

/**
 * A plan is a whole program: everything that authors wrote, resolved. The interpreter looks nothing up (D5).
 *
 * The *program* travels as the run's input and stays under 256 KiB. Hosts are beside it: a target set names content-addressed
 * shards of at most 100 hosts each, in the store. `planHash` is SHA-256 over the canonical JSON of the material projection
 * (what approvals are given to); `planDigest` is SHA-256 over the canonical JSON of the whole plan (its address in the store).
 */
export interface Plan {
  readonly format: 'mainstay/plan/1';
  readonly planHash: string;
  readonly program: Program;
  /** By key; steps name the key. */
  readonly targetSets: { readonly [key: string]: TargetSet };
}

export interface Program {
  readonly definition: DefinitionReference;
  /** Parsed inputs. A `secret` input is its reference. Inputs of an embedded runbook that come late are absent here. */
  readonly inputs: { readonly [name: string]: Json };
  /** Only the variables that an expression reads at run time. */
  readonly vars: { readonly [name: string]: Json };
  /** Only if an expression reads `inventory` at run time: the snapshot. */
  readonly inventory?: Json;
  readonly secrets: { readonly [name: string]: SecretReference };
  readonly connections: { readonly [name: string]: ConnectionPlan };
  readonly onFailure: 'stop' | 'undo' | 'ask';
  readonly timeoutMs?: number;
  readonly concurrency?: ConcurrencyPlan;
  /** Held from the start of the run to its end. */
  readonly locks: readonly string[];
  readonly steps: readonly Step[];
  readonly finally: readonly Step[];
  readonly outputs: { readonly [name: string]: Value };
  /** Of those that are declared with a type. */
  readonly outputTypes?: { readonly [name: string]: InputRule };
}

export interface DefinitionReference {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** `team/web`: whose secrets may be resolved, and who is asked when the engine needs a decision. */
  readonly owner: string;
  /** SHA-256 of the definition's text. */
  readonly digest: string;
}

export interface ConcurrencyPlan {
  readonly key: string;
  readonly limit: number;
  readonly onConflict: 'wait' | 'refuse';
}

/** A resolved `Connection`; `secret` values are references. */
export interface ConnectionPlan {
  readonly type: string;
  readonly settings: { readonly [name: string]: Value };
}

/** An immutable, ordered list of hosts, by content. */
export interface TargetSet {
  readonly count: number;
  /** Digests of blobs, each a canonical `HostShard` of at most `shardSize` hosts. */
  readonly shards: readonly string[];
}

export interface HostShard {
  readonly hosts: readonly PlanHost[];
}

/** The material projection of one host: only the labels and variables that expressions read are here. */
export interface PlanHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Key in `Program.connections`. */
  readonly connection?: string;
  readonly hostKey?: string;
  readonly jobDir?: string;
  readonly jobDirVolatile?: boolean;
  readonly become?: BecomePlan;
  readonly labels: { readonly [name: string]: string | null };
  readonly groups: readonly string[];
  readonly vars: { readonly [name: string]: Json };
  /** What plan-phase expressions over `host` gave for a step, by the step's address. */
  readonly steps: { readonly [at: string]: PlanHostStep };
}

export interface PlanHostStep {
  /** Indices into the target set that the step's `delegate.set` names. */
  readonly delegates?: readonly number[];
  readonly as?: string;
  readonly connection?: string;
  readonly locks?: readonly string[];
  /** Of a rollout: redundancy groups that the host is a member of. */
  readonly redundancy?: readonly string[];
}

export interface BecomePlan {
  readonly method: 'sudo' | 'doas' | 'none';
  readonly password?: SecretReference;
}

// ---- steps -------------------------------------------------------------------------------------------------------------

export type Step =
  | TaskStep
  | ApprovalStep
  | ManualStep
  | WaitStep
  | AssertStep
  | SetStep
  | RunbookStep
  | ParallelStep
  | ForEachStep
  | SwitchStep
  | RolloutStep
  | GroupStep;

export type StepKind = Step['kind'];

export type Verb =
  | 'exec'
  | 'run'
  | 'uses'
  | 'approval'
  | 'manual'
  | 'wait'
  | 'assert'
  | 'set'
  | 'runbook'
  | 'parallel'
  | 'forEach'
  | 'switch'
  | 'rollout'
  | 'steps';

export interface StepCommon {
  /** Unique address of the step within the whole plan, made by the compiler: `upgrade.install`, `restore>load`. */
  readonly at: string;
  /** The author's id (or a generated one), unique in its runbook. Expressions and runtime paths use it. */
  readonly id: string;
  readonly name?: string;
  readonly verb: Verb;
  readonly if?: Condition;
  readonly onFailure: 'stop' | 'continue' | 'ask';
  readonly rescue?: readonly Step[];
  /** Plan-phase lock names held for this step; names that depend on `host` are in `PlanHost.steps`. */
  readonly locks?: readonly string[];
  /** There are such names. */
  readonly hostLocks?: true;
  readonly estimateMs?: number;
  readonly pointOfNoReturn?: ApprovalSpec;
  /** Which names the expressions of this step read while the run goes on; the interpreter puts just these into the scope. */
  readonly reads: Reads;
  /** Which fields of this step's record some expression outside reads: only these travel back into workflow state. */
  readonly keep: readonly string[];
}

export interface Condition {
  readonly expression: Expression;
  /** It reads `host`: decided per host by the worker, else once by the interpreter. */
  readonly perHost: boolean;
}

export interface Reads {
  /** Top-level names apart from `steps` and `host`: `inputs`, `vars`, `run`, `item` (or its declared name), `index`, `wave`, `event`, `error` … */
  readonly names: readonly string[];
  /** Ids of steps whose records come from workflow state. */
  readonly steps: readonly string[];
  /** Ids of body steps whose records come from the same host's rows. */
  readonly hostSteps: readonly string[];
}

/** `exec`, `run`, `uses`: the only steps that touch the world. */
export interface TaskStep extends StepCommon {
  readonly kind: 'task';
  readonly operation: OperationPlan;
  readonly where: Where;
  readonly retry: RetryPlan;
  readonly poll?: PollPlan;
  readonly undo?: UndoPlan;
  readonly probe?: OperationPlan;
}

/** One call of a connector's operation, on one host or on the worker. */
export interface OperationPlan {
  /** `ssh.exec`, `http.request`. Also the Temporal activity type. */
  readonly name: string;
  readonly effect: EffectClass;
  /** Runs as a local activity (D19). */
  readonly light: boolean;
  readonly input: Value;
  /** Key in `Program.connections`; for host operations the host's own connection is used unless this is set. */
  readonly connection?: string;
  /** User to become on the host; `PlanHost.steps[at].as` wins. Absent: the login user. */
  readonly as?: string;
  /** One attempt on one host. */
  readonly timeoutMs: number;
  /** Decides success; sees `result`. Absent: the operation's own rule. */
  readonly pass?: Expression;
  readonly capture: CapturePlan;
}

export interface CapturePlan {
  readonly format: 'text' | 'lines' | 'json' | 'secret' | 'none';
  readonly from: 'stdout' | 'file';
  /** JSON Schema that a `json` capture must satisfy. */
  readonly schema?: Json;
  /** Bytes kept in the host's row. */
  readonly limitBytes: number;
}

export type Where =
  /** On the worker, once. */
  | { readonly on: 'worker' }
  /** On the hosts of a target set, outside a rollout. */
  | {
      readonly on: 'hosts';
      readonly set: string;
      /** `targets` was one host: the step has that host's record, not counts. */
      readonly single: boolean;
      readonly parallel: number;
      readonly maxFailures: number;
      readonly allowEmpty: boolean;
      /** Run-phase list of names that narrows the set. */
      readonly only?: Expression;
    }
  /** In a rollout body: on each host of the group (a `uses` of the worker runs once per host), or on its delegates instead. */
  | { readonly on: 'body'; readonly delegate?: { readonly set: string; readonly all: boolean } };

export interface RetryPlan {
  /** In total; 1 means no retry. */
  readonly attempts: number;
  readonly delayMs: number;
  readonly backoff: number;
  readonly maxDelayMs?: number;
  readonly withinMs?: number;
  /** Failure codes to retry; absent: every definitive failure. */
  readonly on?: readonly string[];
}

export interface PollPlan {
  readonly everyMs: number;
  readonly withinMs: number;
  readonly consecutive: number;
}

/** Absent on a step: there is no undo. `none` says so on purpose. */
export type UndoPlan =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'operation';
      readonly after: 'success' | 'started';
      readonly at: string;
      readonly operation: OperationPlan;
      readonly where: Where;
      readonly reads: Reads;
      readonly estimateMs?: number;
    }
  | {
      readonly kind: 'steps';
      readonly after: 'success' | 'started';
      readonly steps: readonly Step[];
      readonly estimateMs?: number;
    };

/** A step that holds others, as a whole: when the time has passed, what is in flight in it is cancelled, and it has failed. */
export interface TimeLimited {
  readonly timeoutMs?: number;
}

export interface GroupStep extends StepCommon, TimeLimited {
  readonly kind: 'group';
  readonly steps: readonly Step[];
}

export interface ParallelStep extends StepCommon, TimeLimited {
  readonly kind: 'parallel';
  readonly branches: readonly Step[];
}

export interface ForEachStep extends StepCommon, TimeLimited {
  readonly kind: 'forEach';
  readonly in: Value;
  readonly as: string;
  /** Gives each item its name in paths; absent: its index. */
  readonly key?: Expression;
  readonly parallel: number;
  readonly maxFailures: number;
  readonly steps: readonly Step[];
}

export interface SwitchStep extends StepCommon, TimeLimited {
  readonly kind: 'switch';
  readonly on: Expression;
  readonly cases: { readonly [value: string]: readonly Step[] };
  readonly default?: readonly Step[];
}

export interface AssertStep extends StepCommon {
  readonly kind: 'assert';
  readonly that: readonly { readonly expression: Expression; readonly message?: Value }[];
  readonly perHost: boolean;
}

export interface SetStep extends StepCommon {
  readonly kind: 'set';
  readonly values: { readonly [name: string]: Value };
  readonly perHost: boolean;
}

export interface WaitStep extends StepCommon {
  readonly kind: 'wait';
  readonly wait:
    | { readonly for: Value }
    | { readonly until: Value }
    /** Name of a calendar: until it is open. */
    | { readonly window: string }
    | {
        readonly event: string;
        readonly where?: Expression;
        readonly since: 'step' | 'run';
        readonly dueMs?: number;
        readonly onDue: 'fail' | 'continue';
      };
}

/** Runs as a child run with the embedded program, or is inlined (as a group) when its scope is `host`. */
export interface RunbookStep extends StepCommon, TimeLimited {
  readonly kind: 'runbook';
  readonly program: Program;
  /** Inputs that are decided while the run goes on. */
  readonly with: { readonly [input: string]: Value };
  /** What their values must be. */
  readonly accepts?: { readonly [input: string]: InputRule };
  readonly undoable: boolean;
}

export interface ApprovalStep extends StepCommon {
  readonly kind: 'approval';
  readonly approval: ApprovalSpec;
}

export interface ApprovalSpec {
  readonly policy: PolicyRule;
  readonly title: Value;
  readonly show: { readonly [name: string]: Value };
  readonly due: Due;
  /** `reject`, `escalate`, `fail`, or `approve` where the policy grants consent by silence. */
  readonly onDue: string;
  readonly onReject: 'fail' | 'continue';
}

/** The rule of a policy. Members of teams are not part of it: who may vote is asked when the vote comes. */
export interface PolicyRule extends ApprovalRule {
  readonly name: string;
  /** Who is asked as well when nobody has answered in time; the rule then has one level of one slot. */
  readonly escalateTo?: string;
}

export interface ManualStep extends StepCommon {
  readonly kind: 'manual';
  readonly title: Value;
  readonly assignees: readonly string[];
  readonly options: readonly string[];
  /** JSON Schema of the form, absent for none. */
  readonly form?: Json;
  readonly show: { readonly [name: string]: Value };
  readonly due: Due;
  readonly onDue: string;
}

/** Physical time, or calendar days that an activity resolves once (`P1D`). */
export type Due = { readonly ms: number } | { readonly days: number; readonly zone: string };

export interface RolloutStep extends StepCommon, TimeLimited {
  readonly kind: 'rollout';
  readonly set: string;
  readonly only?: Expression;
  readonly allowEmpty: boolean;
  readonly waves: readonly WaveSize[];
  /** R-ROLL-1: waves never mix them. In the order of the target set. */
  readonly domains?: readonly FailureDomain[];
  readonly parallel: number;
  readonly maxFailures: FailureLimit;
  readonly strict: boolean;
  readonly bakeMs: number;
  readonly gate: readonly GateMetric[];
  readonly undoGate?: readonly GateMetric[];
  readonly onHostFailure: 'leave' | 'undo';
  /** What happens once the budget is exceeded or a gate fails: the author's `rollout.onFailure`. */
  readonly onRolloutFailure: 'pause' | 'undo' | 'stop';
  readonly hostDeadlineMs: number;
  /** How many of a redundancy group may be out of service at once, over all runs; only groups with members among the targets. */
  readonly redundancy?: SeatLimits;
  readonly steps: readonly Step[];
}

/** Cumulative. The last is 100 %. */
export type WaveSize = { readonly count: number } | { readonly percent: number };
export type FailureLimit = { readonly count: number } | { readonly percent: number };

export interface GateMetric {
  readonly at: string;
  readonly id: string;
  readonly operation: OperationPlan;
  readonly where: Where;
  readonly fail?: Expression;
  readonly noData: 'fail' | 'inconclusive' | 'pass';
  readonly sample: SamplePlan;
  readonly reads: Reads;
}

export interface SamplePlan {
  readonly everyMs: number;
  readonly count: number;
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
  readonly consecutiveSuccess: number;
}
