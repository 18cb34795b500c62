import { z } from 'zod';

import { parseDuration } from '../../workflows/domain/duration';
import { accepted, Duration, Due, Percent, Principal, TeamName } from '../../workflows/runbook/fields/schema';

const wanted = {
  candidate: 'user/<name>, team/<name>, on-call/<roster>, or a whole expression over facts: ${{ facts.owner }}',
  id: 'a letter a–z, then letters, digits and "-"',
} as const;

/** Who is asked: a person, a team, whoever is on call, or what an expression over the facts of the request gives. */
const Candidate = z
  .string()
  .regex(/^(?:(?:user|team|on-call)\/[A-Za-z0-9][A-Za-z0-9._@+/-]*|\s*\$\{\{[\s\S]*\}\}\s*)$/, wanted.candidate);

const RuleId = z
  .string()
  .max(60)
  .regex(/^[a-z][A-Za-z0-9-]*$/, wanted.id);

/** How many of those who are asked must approve; one, unless it says otherwise. */
const Require = z.union([z.enum(['any', 'all']), z.int().min(1), Percent]);

const Slot = z.strictObject({
  id: RuleId.exactOptional(),
  candidates: z.array(Candidate).min(1),
  require: Require.exactOptional(),
});
export type PolicySlot = z.infer<typeof Slot>;

/** Its slots are asked at the same time, and all of them are needed. */
const Level = z.strictObject({
  id: RuleId.exactOptional(),
  slots: z.array(Slot).min(1),
  rejectOn: z.int().min(1).exactOptional(),
  /** Who counted at another level may count here as well. */
  countsApart: z.boolean().exactOptional(),
});
export type PolicyLevel = z.infer<typeof Level>;

/** No expression; calendar days were refused by the pattern. */
const Physical = Duration.refine((text) => parseDuration(text).kind !== 'invalid', accepted.duration);
const CalendarDue = Due.refine((text) => parseDuration(text).kind !== 'invalid', accepted.due);

/**
 * A rule for votes: `levels` one after the other, or in short `approvers` with `min` and `rejectOn`, which is one level of one slot. The
 * requester is excluded and silence is no consent, unless it says otherwise.
 */
export const ApprovalPolicy = z.strictObject({
  approvers: z.array(Candidate).min(1).exactOptional(),
  min: z.int().min(1).exactOptional(),
  rejectOn: z.int().min(1).exactOptional(),
  levels: z.array(Level).min(1).max(20).exactOptional(),
  excludeRequester: z.boolean().exactOptional(),
  escalateTo: z.union([Principal, TeamName]).exactOptional(),
  silenceMeansConsent: z.boolean().exactOptional(),
  /** How long a granted approval lasts; absent: as long as the window of what it is about. */
  validFor: Physical.exactOptional(),
  /** How long before the window the decision is wanted. */
  lead: Physical.exactOptional(),
  /** When answers are due, where the one who asks does not say; a week when absent. */
  respondWithin: CalendarDue.exactOptional(),
  /** Zone of calendar days; UTC when absent. */
  zone: z.string().min(1).exactOptional(),
});
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;
