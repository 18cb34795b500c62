import type { Scope } from '../../workflows/domain/authorization';
import type { ChangeStanding, TimeClaim } from '../../workflows/domain/change-standing';
import type { Json } from '../../workflows/domain/json';
import type { PlannedChange } from '../../workflows/domain/planned-change';
import type { ScopeIds } from './store';

/** Folds of what changes wrote in their own streams. */
export interface Changes {
  /** CHG-1, CHG-2 … */
  nextNumber(): Promise<number>;
  /** Newest first. */
  list(filter: ChangeFilter): Promise<readonly ChangeRow[]>;
  /** By `CHG-12`, `12`, id, or an unambiguous beginning of an id. */
  find(reference: string): Promise<ChangeRow | null>;
  get(id: string): Promise<ChangeRow | null>;
  /** Configuration items, in byte order. */
  items(id: string): Promise<readonly string[]>;
  /** Those that are planned or under way, and want one of the items or one of the people in that time. */
  meeting(question: MeetingQuestion): Promise<readonly MeetingChange[]>;
}

export interface ChangeFilter {
  readonly phase?: string;
  readonly requester?: string;
  /** A configuration item that it works on. */
  readonly item?: string;
  /** Its window has a part in `[fromMs, toMs)`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly open?: boolean;
  readonly limit: number;
  /** Number to go on below. */
  readonly before?: number;
  readonly scopeIds?: ScopeIds;
}

export interface MeetingQuestion {
  readonly items: readonly string[];
  readonly assignees: readonly string[];
  /** Half-open. What is under way is met whenever its window ended: it still works. */
  readonly startMs: number;
  readonly endMs: number;
  readonly except: string;
}

export interface MeetingChange extends PlannedChange, TimeClaim {
  readonly number: number;
  readonly title: string;
}

export interface ChangeRow extends TimeClaim {
  readonly number: number;
  readonly title: string;
  readonly model: string;
  /** What the risk assessment said; null before it. */
  readonly assessed: {
    readonly type: string;
    readonly score: number;
    readonly risk: string;
    readonly by: string;
  } | null;
  readonly phase: string;
  readonly standing: ChangeStanding;
  /** Why it is in this phase. */
  readonly reason: string;
  /** When it got there. */
  readonly phaseAt: number;
  readonly requester: string;
  readonly draft: Json;
  readonly scope: Scope;
  readonly window: { readonly startMs: number; readonly endMs: number; readonly cutoffMs: number } | null;
  readonly preparationMs: number;
  readonly assignees: readonly string[];
  readonly plan: {
    readonly generation: number;
    readonly planHash: string;
    readonly planDigest: string;
    readonly definition: string;
    readonly hosts: number;
    readonly work?: { readonly p95Ms: number; readonly lastTaskStartP95Ms: number; readonly backOutP95Ms: number };
    readonly source?: string;
  } | null;
  /** What a vote signs; empty before submission. */
  readonly hash: string;
  /** Of the last check. */
  readonly conflicts: {
    readonly at: string;
    readonly verdict: string;
    readonly conflicts: Json;
    readonly checkedAt: number;
  } | null;
  /** Of the last edit against what was before it. */
  readonly difference: readonly string[];
  readonly flags: readonly string[];
  readonly startedAt: number | null;
  /** The one run that carries it out; null before it has started. */
  readonly runId: string | null;
  readonly review: {
    readonly outcome: string;
    readonly text: string;
    readonly tickets: Json;
    readonly draft: Json;
  } | null;
  readonly outcome: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly stateDigest: string | null;
}
