import type { Rehearsal } from '../workflows/rehearsal/schema';
import type { Runbook } from '../workflows/runbook/schema';
import type { Connection } from './kinds/connection';
import type { Inventory } from './kinds/inventory';
import type { Metadata } from './kinds/metadata';
import type { ApprovalPolicy, Team } from './kinds/people';
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
}

export type DefinitionKind = keyof DefinitionSpecs;

export type LoadedRunbook = Loaded<'Runbook', Runbook>;
export type LoadedRehearsal = Loaded<'Rehearsal', Rehearsal>;
export type LoadedInventory = Loaded<'Inventory', Inventory>;
export type LoadedConnection = Loaded<'Connection', Connection>;
export type LoadedApprovalPolicy = Loaded<'ApprovalPolicy', ApprovalPolicy>;
export type LoadedTeam = Loaded<'Team', Team>;

export type LoadedDocument =
  LoadedRunbook | LoadedRehearsal | LoadedInventory | LoadedConnection | LoadedApprovalPolicy | LoadedTeam;

export const definitionKinds: readonly DefinitionKind[] = [
  'Runbook',
  'Rehearsal',
  'Inventory',
  'Connection',
  'ApprovalPolicy',
  'Team',
];

/** Kinds that arrive with the process that needs them. */
export const laterKinds: readonly string[] = [
  'Calendar',
  'Schedule',
  'ServiceLevel',
  'Roster',
  'ChangeModel',
  'CatalogItem',
  'AlertRule',
  'EscalationPolicy',
  'BackupPlan',
  'RecoveryPlan',
];
