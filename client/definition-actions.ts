import type { DefinitionKind } from '../definitions/document';
import type { Action } from '../workflows/domain/authorization';

/** By whom definitions of a kind are read, and by whom published. */
interface KindActions {
  readonly read: Action;
  readonly write: Action;
}

const authored: KindActions = { read: 'definition.read', write: 'definition.write' };
/** They decide over others. */
const deciding: KindActions = { read: 'definition.read', write: 'policy.write' };
/** A team gives its members secrets and votes. */
const people: KindActions = { read: 'definition.read', write: 'access.write' };

const actionsOfKind: { readonly [K in DefinitionKind]: KindActions } = {
  Runbook: authored,
  Rehearsal: authored,
  Inventory: authored,
  Connection: authored,
  BackupPlan: authored,
  ApprovalPolicy: deciding,
  Calendar: deciding,
  Roster: deciding,
  ChangeModel: deciding,
  MessageTemplate: deciding,
  Hook: { read: 'hook.read', write: 'policy.write' },
  Subscription: { read: 'hook.read', write: 'policy.write' },
  Person: people,
  Team: people,
  Grant: { read: 'access.read', write: 'access.write' },
};

/** A kind that nobody knows is read by whoever reads definitions: there are none of it. */
export function readActionOf(kind: string): Action {
  return isKind(kind) ? actionsOfKind[kind].read : 'definition.read';
}

export function writeActionOf(kind: DefinitionKind): Action {
  return actionsOfKind[kind].write;
}

function isKind(kind: string): kind is DefinitionKind {
  return Object.hasOwn(actionsOfKind, kind);
}
