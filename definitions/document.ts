import type { BackupPlan } from '../workflows/backup/schema';
import type { ChangeModel } from '../workflows/change/schema';
import type { Rehearsal } from '../workflows/rehearsal/schema';
import type { Runbook } from '../workflows/runbook/schema';
import type { ApprovalPolicy } from './kinds/approval-policy';
import type { Calendar } from './kinds/calendar';
import type { Connection } from './kinds/connection';
import type { Grant } from './kinds/grant';
import type { Hook } from './kinds/hook';
import type { Inventory } from './kinds/inventory';
import type { MessageTemplate } from './kinds/message-template';
import type { Metadata } from './kinds/metadata';
import type { Team } from './kinds/people';
import type { Person } from './kinds/person';
import type { Roster } from './kinds/roster';
import type { Subscription } from './kinds/subscription';
import type { DocumentPath, Position } from './problems';

/** A checked definition: what one YAML document says, typed, and where each part of it stands. */
export interface Loaded<K extends string, S> {
  readonly kind: K;
  readonly metadata: Metadata & { readonly version: string };
  readonly spec: S;
  readonly file: string;
  /** Text of this document alone. */
  readonly text: string;
  /** SHA-256 (hex) of `text` as UTF-8. */
  readonly digest: string;
  /** Paths lead from the root: `['spec', 'steps', 0]`. */
  positionOf(path: DocumentPath): Position;
  /** Of a character of a text; of a text that is not written line by line (`|`) that of the whole. */
  positionWithin(path: DocumentPath, offset: number): Position;
  /** Where the key stands that names the last part of the path. */
  keyPositionOf(path: DocumentPath): Position;
  /** A scalar as the author wrote it: `0644`, `1.10`; null where there is none. */
  sourceOf(path: DocumentPath): string | null;
}

export interface DefinitionSpecs {
  readonly Runbook: Runbook;
  readonly Rehearsal: Rehearsal;
  readonly Inventory: Inventory;
  readonly Connection: Connection;
  readonly ApprovalPolicy: ApprovalPolicy;
  readonly Team: Team;
  readonly Calendar: Calendar;
  readonly Person: Person;
  readonly Roster: Roster;
  readonly Grant: Grant;
  readonly Hook: Hook;
  readonly Subscription: Subscription;
  readonly MessageTemplate: MessageTemplate;
  readonly ChangeModel: ChangeModel;
  readonly BackupPlan: BackupPlan;
}

export type DefinitionKind = keyof DefinitionSpecs;

export type LoadedRunbook = Loaded<'Runbook', Runbook>;
export type LoadedRehearsal = Loaded<'Rehearsal', Rehearsal>;
export type LoadedInventory = Loaded<'Inventory', Inventory>;
export type LoadedConnection = Loaded<'Connection', Connection>;
export type LoadedApprovalPolicy = Loaded<'ApprovalPolicy', ApprovalPolicy>;
export type LoadedTeam = Loaded<'Team', Team>;
export type LoadedCalendar = Loaded<'Calendar', Calendar>;
export type LoadedPerson = Loaded<'Person', Person>;
export type LoadedRoster = Loaded<'Roster', Roster>;
export type LoadedGrant = Loaded<'Grant', Grant>;
export type LoadedHook = Loaded<'Hook', Hook>;
export type LoadedSubscription = Loaded<'Subscription', Subscription>;
export type LoadedMessageTemplate = Loaded<'MessageTemplate', MessageTemplate>;
export type LoadedChangeModel = Loaded<'ChangeModel', ChangeModel>;
export type LoadedBackupPlan = Loaded<'BackupPlan', BackupPlan>;

export type LoadedDocument =
  | LoadedRunbook
  | LoadedRehearsal
  | LoadedInventory
  | LoadedConnection
  | LoadedApprovalPolicy
  | LoadedTeam
  | LoadedCalendar
  | LoadedPerson
  | LoadedRoster
  | LoadedGrant
  | LoadedHook
  | LoadedSubscription
  | LoadedMessageTemplate
  | LoadedChangeModel
  | LoadedBackupPlan;

export const definitionKinds: readonly DefinitionKind[] = [
  'Runbook',
  'Rehearsal',
  'Inventory',
  'Connection',
  'ApprovalPolicy',
  'Team',
  'Calendar',
  'Person',
  'Roster',
  'Grant',
  'Hook',
  'Subscription',
  'MessageTemplate',
  'ChangeModel',
  'BackupPlan',
];

/** Kinds that arrive with the process that needs them. */
export const laterKinds: readonly string[] = [
  'Schedule',
  'ServiceLevel',
  'CatalogItem',
  'AlertRule',
  'EscalationPolicy',
  'RecoveryPlan',
];
