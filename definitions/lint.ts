import type { Catalogue } from '../activities/connector';
import type { LoadedDocument, LoadedRunbook } from './document';
import { lintBackupPlan } from './lint/backup-plan';
import { lintChangeModel } from './lint/change-model';
import { lintCalendar } from './lint/calendar';
import { lintPerson, lintRoster } from './lint/people';
import { lintGrant } from './lint/grant';
import { lintHook } from './lint/hook';
import { lintMessageTemplate } from './lint/message-template';
import { lintSubscription } from './lint/subscription';
import { lintPolicy } from './lint/policy';
import { lintDeclarations } from './lint/declarations';
import { lintInventory } from './lint/inventory';
import { lintLocks } from './lint/locks';
import { lintNames } from './lint/names';
import { lintPlaces } from './lint/places';
import { lintConnectionSecrets, lintInventorySecrets } from './lint/secrets';
import { lintStepRules } from './lint/step-rules';
import { stepSites } from './lint/step-sites';
import { lintUndo } from './lint/undo';
import { sortProblems } from './problems';
import type { Problem } from './problems';

export interface LintOptions {
  /** Without it, what depends on an operation's manifest is left to the compiler. */
  readonly catalogue?: Catalogue;
}

/** What is wrong with documents that can be told without evaluating anything and without other documents. */
export function lintDocuments(documents: readonly LoadedDocument[], options: LintOptions = {}): Problem[] {
  return sortProblems(documents.flatMap((document) => lintDocument(document, options)));
}

export function lintDocument(document: LoadedDocument, options: LintOptions = {}): Problem[] {
  switch (document.kind) {
    case 'Runbook':
      return lintRunbook(document, options);
    case 'Inventory':
      return [...lintInventory(document), ...lintInventorySecrets(document)];
    case 'ApprovalPolicy':
      return lintPolicy(document);
    case 'Connection':
      return lintConnectionSecrets(document, options.catalogue);
    case 'Calendar':
      return lintCalendar(document);
    case 'Person':
      return lintPerson(document);
    case 'Roster':
      return lintRoster(document);
    case 'Grant':
      return lintGrant(document);
    case 'Hook':
      return lintHook(document);
    case 'Subscription':
      return lintSubscription(document);
    case 'MessageTemplate':
      return lintMessageTemplate(document);
    case 'ChangeModel':
      return lintChangeModel(document);
    case 'BackupPlan':
      return lintBackupPlan(document);
    case 'Rehearsal':
    case 'Team':
      return [];
  }
}

function lintRunbook(document: LoadedRunbook, { catalogue }: LintOptions): Problem[] {
  const sites = stepSites(document.spec);
  return sortProblems([
    ...lintDeclarations(document),
    ...lintNames(document, sites),
    ...lintPlaces(document, sites, catalogue),
    ...lintStepRules(document, sites),
    ...lintLocks(document, sites),
    ...lintUndo(document, sites, catalogue),
  ]);
}
