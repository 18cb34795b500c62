import { z } from 'zod';

import type { Action } from '../../../workflows/domain/authorization';
import type { BackupAction } from '../../../workflows/backup/messages';
import { PointInTime } from '../../../workflows/backup/schema';
import { Time } from '../../../workflows/runbook/fields/schema';
import { NamedActor } from '../actor-schema';
import { BackupActed } from '../backup-schema';
import { defineRoute, post } from '../route';
import { aboutBackupPlan } from '../subjects';

const Reason = z.string().max(4_000).default('');
/** Somebody asks later why it was done. */
const SaidReason = z.string().min(1, 'Expected a reason').max(4_000);
const SetReference = z.string().min(1).max(200);
/** As a target of a restore or a drill; `set`: as the set is, without anything that was written after it. */
const Target = z.union([PointInTime, z.literal('set')]);

/** One route for each act: they differ in what they take, and in nothing else. */
function actRoute<const Name extends string, B extends z.ZodType<{ readonly actor?: string }>>(
  name: Name,
  spec: {
    readonly summary: string;
    readonly needs: Action;
    readonly body: B;
    readonly action: (body: z.output<B>) => BackupAction;
  },
) {
  return defineRoute({
    ...post<`/backups/:plan/${Name}`>(`/backups/:plan/${name}`),
    summary: spec.summary,
    action: spec.needs,
    about: aboutBackupPlan,
    params: z.object({ plan: z.string().min(1).max(200) }),
    body: spec.body,
    answer: BackupActed,
    async handle({ params, body, caller }, { backups }) {
      const { access, idempotencyKey: id } = caller;
      const by = { actor: access.actorFor(body.actor), via: access.via };
      const command = { action: spec.action(body), ...by, ...(id === undefined ? {} : { id }) };
      const { plan, operation, warnings } = await backups.act(params.plan, command);
      return { plan, operation, warnings: [...warnings] };
    },
  });
}

/** As in `OperationWork`: 0 is the set as it is, -1 is as late as can be. */
function targetMs(at: z.infer<typeof Target>): number {
  switch (at) {
    case 'set':
      return 0;
    case 'latest':
      return -1;
    default:
      return Date.parse(at);
  }
}

export const backupActRoutes = [
  actRoute('run', {
    summary: 'Make a backup now',
    needs: 'backup.run',
    body: z.strictObject({ actor: NamedActor, backup: z.string().min(1).exactOptional() }),
    action: ({ backup }) => ({ action: 'run', backup: backup ?? null }),
  }),
  actRoute('verify', {
    summary: 'Verify a set, or the newest: V1 reads the repository, V2 compares a sample with the source',
    needs: 'backup.run',
    body: z.strictObject({
      actor: NamedActor,
      set: SetReference.exactOptional(),
      level: z.enum(['V1', 'V2']).default('V1'),
      readPercent: z.int().min(1).max(100).default(100),
    }),
    action: ({ set, level, readPercent }) => ({ action: 'verify', set: set ?? null, level, readPercent }),
  }),
  actRoute('forget', {
    summary: 'Make a prune plan now; what is on it is deleted after its grace',
    needs: 'backup.manage',
    body: z.strictObject({ actor: NamedActor }),
    action: () => ({ action: 'forget' }),
  }),
  actRoute('hold', {
    summary: 'Keep a set whatever retention says',
    needs: 'backup.manage',
    body: z.strictObject({
      actor: NamedActor,
      set: SetReference,
      name: z.string().min(1).max(200),
      kind: z.enum(['plain', 'legal', 'permanent']).default('plain'),
      until: Time.exactOptional(),
      reason: SaidReason,
    }),
    action: ({ set, name, kind, until, reason }) => ({
      action: 'hold',
      set,
      hold: { name, kind, untilMs: until === undefined ? null : Date.parse(until), reason },
    }),
  }),
  actRoute('release', {
    summary: 'Lift a hold; of a legal or permanent one two people are asked',
    needs: 'backup.manage',
    body: z.strictObject({
      actor: NamedActor,
      set: SetReference,
      name: z.string().min(1).max(200),
      reason: SaidReason,
    }),
    action: ({ set, name, reason }) => ({ action: 'release', set, name, reason }),
  }),
  actRoute('restore', {
    summary: 'Restore beside what is live, or over it; people approve first',
    needs: 'backup.run',
    body: z.strictObject({
      actor: NamedActor,
      set: SetReference.exactOptional(),
      at: Target.default('latest'),
      over: z.boolean().default(false),
      reason: SaidReason,
    }),
    action: ({ set, at, over, reason }) => ({
      action: 'restore',
      set: set ?? null,
      targetMs: targetMs(at),
      over,
      reason,
    }),
  }),
  actRoute('drill', {
    summary: 'Prove a backup: restore it to an isolated place, assert, measure, destroy',
    needs: 'backup.run',
    body: z.strictObject({
      actor: NamedActor,
      set: SetReference.exactOptional(),
      seed: z.int().min(0).exactOptional(),
      at: Target.default('set'),
    }),
    action: ({ set, seed, at }) => ({
      action: 'drill',
      set: set ?? null,
      seed: seed ?? null,
      targetMs: targetMs(at),
    }),
  }),
  actRoute('pause', {
    summary: 'Nothing of the plan starts by itself any more',
    needs: 'backup.manage',
    body: z.strictObject({ actor: NamedActor, reason: Reason }),
    action: ({ reason }) => ({ action: 'pause', reason }),
  }),
  actRoute('resume', {
    summary: 'Let a paused plan go on',
    needs: 'backup.manage',
    body: z.strictObject({ actor: NamedActor, reason: Reason }),
    action: ({ reason }) => ({ action: 'resume', reason }),
  }),
] as const;
