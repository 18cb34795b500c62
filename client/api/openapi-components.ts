import { z } from 'zod';

import { EncodedBundle } from '../../activities/plans/plan-bundle';
import { ChangeDraft } from '../../workflows/change/schema';
import { AuditPage } from './audit-schema';
import * as authoring from './authoring-schema';
import { PlanInForce } from './backup-plan-schema';
import * as backup from './backup-schema';
import * as calendar from './calendar-schema';
import * as change from './change-schema';
import { CheckpointView } from './evidence-schema';
import * as hooks from './hook-schema';
import * as identity from './identity-schema';
import { LiveEvent } from './live-schema';
import { PlanDescription, StepDescription } from './plan-schema';
import * as notification from './notification-schema';
import * as run from './run-schema';
import * as shared from './schema';

/** Schemas that stand once in the document, under their names, whatever refers to them. */
const named: { readonly [name: string]: z.ZodType } = {
  RunRow: shared.RunRow,
  RunView: shared.RunView,
  StepView: shared.StepView,
  TaskRow: shared.TaskRow,
  Scope: shared.Scope,
  JournalEntry: shared.JournalEntryView,
  JournalPage: shared.JournalPage,
  OutputChunk: shared.OutputChunkView,
  OutputPage: shared.OutputPage,
  Definition: shared.DefinitionView,
  DefinitionSummary: shared.DefinitionSummary,
  AppliedDefinition: shared.AppliedDefinition,
  AnswerAccepted: shared.AnswerAccepted,
  ControlAccepted: shared.ControlAccepted,
  Lock: shared.LockRow,
  Problem: shared.Problem,
  HostCell: run.HostCell,
  HostPage: run.HostPage,
  ResumePreview: run.ResumePreview,
  RunPlan: run.RunPlan,
  TaskComment: run.TaskComment,
  TaskView: run.TaskView,
  Verified: run.Verified,
  AuditPage,
  AuthoringProblem: authoring.AuthoringProblem,
  Source: authoring.Source,
  PlanBundle: EncodedBundle,
  PlanDescription,
  StepDescription,
  ChangeDraft,
  ChangeRow: change.ChangeRow,
  ChangeView: change.ChangeView,
  ChangePreview: change.ChangePreview,
  TimelineEntry: change.TimelineEntry,
  BackupFact: backup.ToldFact,
  Session: identity.SessionView,
  Token: identity.TokenView,
  NewToken: identity.NewToken,
  Grant: identity.GrantView,
  NoticePreferences: notification.NoticePreferences,
  PersonNotifications: notification.PersonNotifications,
  Hook: hooks.HookView,
  Subscription: hooks.SubscriptionView,
  Delivery: hooks.DeliveryView,
  LiveEvent,
  Checkpoint: CheckpointView,
  BackupOperation: backup.BackupOperation,
  BackupOperationView: backup.OperationView,
  BackupPlanView: backup.PlanView,
  BackupPlanInForce: PlanInForce,
  CalendarView: calendar.CalendarView,
  CalendarSummary: calendar.CalendarSummary,
  OpenSlot: calendar.OpenSlot,
};

export type ComponentNames = z.core.$ZodRegistry<{ id: string }>;

export function componentNames(): ComponentNames {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  return registry;
}
