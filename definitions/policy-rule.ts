import type { ApprovalLevel, Quorum } from '../workflows/domain/approval-rule';
import { responseDays } from '../workflows/domain/approval-round';
import { parseDuration } from '../workflows/domain/duration';
import type { Due, PolicyRule } from '../workflows/runbook/plan';
import type { LoadedApprovalPolicy } from './document';
import type { PolicyLevel, PolicySlot } from './kinds/approval-policy';

/** What a policy asks for, as it becomes part of a plan and of its hash (D5): candidates as authored, never the members of teams. */
export function policyRule({ metadata, spec }: Pick<LoadedApprovalPolicy, 'metadata' | 'spec'>): PolicyRule {
  const { excludeRequester = true, silenceMeansConsent = false, escalateTo, validFor, lead } = spec;
  return {
    name: metadata.name,
    levels: levelsOf(spec),
    validForMs: validFor === undefined ? null : msOf(validFor),
    leadMs: lead === undefined ? 0 : msOf(lead),
    silenceMeansConsent,
    excludeRequester,
    ...(escalateTo === undefined ? {} : { escalateTo }),
  };
}

/** R-APPR-6: when answers are due, where the one who asks does not say; it is no part of the rule that is approved. */
export function respondWithin({ spec }: Pick<LoadedApprovalPolicy, 'spec'>): Due {
  const text = spec.respondWithin ?? `P${responseDays.standard}D`;
  const parsed = parseDuration(text);
  return parsed.kind === 'days' ? { days: parsed.days, zone: spec.zone ?? 'UTC' } : { ms: msOf(text) };
}

/** `approvers` in short is one level of one slot. */
function levelsOf({ approvers, min = 1, rejectOn = 1, levels = [] }: LoadedApprovalPolicy['spec']): ApprovalLevel[] {
  if (approvers === undefined) return levels.map(levelOf);
  const slot = { id: 'approvers', candidates: approvers, quorum: { mode: 'n', n: min } } as const;
  return [{ id: 'approvers', slots: [slot], rejectOn, countsApart: false }];
}

function levelOf(level: PolicyLevel, index: number): ApprovalLevel {
  const { slots, rejectOn = 1, countsApart = false } = level;
  const id = level.id ?? `level${index + 1}`;
  const slotId = (slot: PolicySlot, at: number): string =>
    slot.id ?? (slots.length === 1 ? id : `${id}-${String(at + 1)}`);
  return {
    id,
    slots: slots.map((slot, at) => ({
      id: slotId(slot, at),
      candidates: slot.candidates.map((candidate) => candidate.trim()),
      quorum: quorumOf(slot.require ?? 'any'),
    })),
    rejectOn,
    countsApart,
  };
}

function quorumOf(wanted: NonNullable<PolicySlot['require']>): Quorum {
  if (typeof wanted === 'number') return { mode: 'n', n: wanted };
  if (wanted === 'any' || wanted === 'all') return { mode: wanted };
  return { mode: 'percent', percent: Number(wanted.slice(0, -1)) };
}

function msOf(text: string): number {
  const parsed = parseDuration(text);
  if (parsed.kind !== 'ms') throw new Error(`Cannot read "${text}" as a duration: the schema has let it pass`);
  return parsed.ms;
}
