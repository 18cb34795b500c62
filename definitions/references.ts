import { parseInputs } from '../workflows/domain/inputs';
import type { LoadedDocument, LoadedHook, LoadedInventory, LoadedRehearsal, LoadedRunbook } from './document';
import { resolveReference } from './library';
import type { ChangeModel } from '../workflows/change/schema';
import { contractProblems } from './lint/contract';
import { atKey, atValue } from './lint/note';
import { stepSites } from './lint/step-sites';
import { matchesInTime } from './pattern';
import { nearestWord } from './problems';
import type { DocumentPath, Problem } from './problems';
import { templateCollisions } from './references/message-template';
import { backupPlanReferences } from './references/backup-plan';
import { resolve, teamsAmong } from './references/named';
import type { Named, ReferenceOptions } from './references/named';

/** Names of other documents that a document holds, as far as the compiler does not follow them itself. */
export function referenceProblems(document: LoadedDocument, options: ReferenceOptions): readonly Problem[] {
  switch (document.kind) {
    case 'Runbook':
      return runbookReferences(document, options);
    case 'Rehearsal':
      return rehearsalReferences(document, options);
    case 'Inventory':
      return inventoryReferences(document, options);
    case 'ApprovalPolicy': {
      const { approvers = [], levels = [], escalateTo } = document.spec;
      const named = levels.flatMap((level, at) =>
        level.slots.flatMap(({ candidates }, slot) =>
          askedAmong(candidates, (index) => ['spec', 'levels', at, 'slots', slot, 'candidates', index]),
        ),
      );
      const escalated = escalateTo === undefined ? [] : teamsAmong([escalateTo], () => ['spec', 'escalateTo']);
      return [...askedAmong(approvers, (index) => ['spec', 'approvers', index]), ...named, ...escalated].flatMap(
        resolve(document, options),
      );
    }
    case 'ChangeModel':
      return changeModelNames(document.spec).flatMap(resolve(document, options));
    case 'BackupPlan':
      return backupPlanReferences(document, options);
    case 'Grant':
      return teamsAmong(document.spec.teams ?? [], (index) => ['spec', 'teams', index]).flatMap(
        resolve(document, options),
      );
    case 'Hook':
      return hookReferences(document, options);
    case 'MessageTemplate':
      return templateCollisions(document, options);
    case 'Subscription':
    case 'Calendar':
    case 'Person':
    case 'Roster':
    case 'Connection':
    case 'Team':
      return [];
  }
}

function hookReferences(document: LoadedHook, options: ReferenceOptions): readonly Problem[] {
  const { start } = document.spec;
  if (start === undefined) return [];
  const { runbook, inventory } = start;
  return [
    { kind: 'Runbook' as const, reference: runbook, path: ['spec', 'start', 'runbook'] },
    ...(inventory === undefined
      ? []
      : [{ kind: 'Inventory' as const, reference: inventory, path: ['spec', 'start', 'inventory'] }]),
  ].flatMap(resolve(document, options));
}

function changeModelNames(model: ChangeModel): readonly Named[] {
  const { approval, calendars = [], freezeApproval, businessHours } = model;
  const policies =
    typeof approval === 'string'
      ? [{ reference: approval, path: ['spec', 'approval'] }]
      : Object.entries(approval ?? {}).map(([risk, reference]) => ({ reference, path: ['spec', 'approval', risk] }));
  const freeze = freezeApproval === undefined ? [] : [{ reference: freezeApproval, path: ['spec', 'freezeApproval'] }];
  const asked = calendars.map((reference, index) => ({ reference, path: ['spec', 'calendars', index] }));
  const hours = businessHours === undefined ? [] : [{ reference: businessHours, path: ['spec', 'businessHours'] }];
  const people = (['requesters', 'assessors', 'changeManagers', 'dutyManagers'] as const).flatMap((field) =>
    teamsAmong(model[field] ?? [], (index) => ['spec', field, index]),
  );
  return [
    ...[...policies, ...freeze].map((named) => ({ ...named, kind: 'ApprovalPolicy' as const })),
    ...[...asked, ...hours].map((named) => ({ ...named, kind: 'Calendar' as const })),
    ...people,
  ];
}

function runbookReferences(document: LoadedRunbook, options: ReferenceOptions): readonly Problem[] {
  const named: Named[] = [];
  for (const { step, path } of stepSites(document.spec)) {
    if (step.verb === 'manual')
      named.push(...teamsAmong(step.manual.assignees, (index) => [...path, 'manual', 'assignees', index]));
    if (step.verb === 'wait' && step.wait.verb === 'window')
      named.push({ kind: 'Calendar', reference: step.wait.window, path: [...path, 'wait', 'window'] });
  }
  const { inventory, implements: contract } = document.spec;
  return [
    ...named.flatMap(resolve(document, options)),
    ...(inventory === undefined ? [] : fileOrInventory(document, ['spec', 'inventory'], { inventory, options })),
    ...(contract === undefined ? [] : contractReference(document, contract, options)),
  ];
}

/** The contract is a runbook itself: what it takes and gives, whoever implements it takes and gives as well. */
function contractReference(document: LoadedRunbook, reference: string, options: ReferenceOptions): readonly Problem[] {
  const found = resolveReference('Runbook', reference, options.tiers);
  if (found.ok) return contractProblems(document, found.document);
  return resolve(document, options)({ kind: 'Runbook', reference, path: ['spec', 'implements'] });
}

function rehearsalReferences(document: LoadedRehearsal, options: ReferenceOptions): readonly Problem[] {
  const { inventory, change } = document.spec;
  const runbook = document.spec.runbook ?? change?.runbook;
  const inputs = document.spec.inputs ?? change?.inputs ?? {};
  const ofInventory =
    inventory === undefined ? [] : fileOrInventory(document, ['spec', 'inventory'], { inventory, options });
  if (runbook === undefined || (document.spec.runbook !== undefined && change !== undefined)) {
    const message = 'Cannot rehearse: the document needs either a runbook or a change';
    return [atValue(document, ['spec'], { code: 'MISSING_KEY', message, accepted: ['runbook', 'change'] })];
  }
  const ofChange = change === undefined ? [] : changeReferences(document, change, options);
  const found = resolveReference('Runbook', runbook, options.tiers);
  if (!found.ok) {
    const named: Named = { kind: 'Runbook', reference: runbook, path: ['spec', 'runbook'] };
    return [...resolve(document, options)(named), ...ofInventory, ...ofChange];
  }
  const declared = found.document.spec.inputs ?? {};
  const { problems } = parseInputs(inputs, { declared, findHost: null, late: new Set(), matches: matchesInTime });
  const ofInputs = problems.map(({ code, message, input }) =>
    atKey(document, ['spec', 'inputs', input], {
      code,
      message,
      found: input,
      accepted: Object.keys(declared),
      nearest: code === 'UNKNOWN_INPUT' ? nearestWord(input, Object.keys(declared)) : null,
    }),
  );
  return [...ofInventory, ...ofInputs, ...ofChange];
}

function changeReferences(
  document: LoadedRehearsal,
  { model }: NonNullable<LoadedRehearsal['spec']['change']>,
  options: ReferenceOptions,
): readonly Problem[] {
  return resolve(document, options)({ kind: 'ChangeModel', reference: model, path: ['spec', 'change', 'model'] });
}

function inventoryReferences(document: LoadedInventory, options: ReferenceOptions): readonly Problem[] {
  const { connection, hosts = [] } = document.spec;
  const named: Named[] = hosts.flatMap((host, index) =>
    host.connection === undefined
      ? []
      : [{ kind: 'Connection' as const, reference: host.connection, path: ['spec', 'hosts', index, 'connection'] }],
  );
  if (connection !== undefined) named.push({ kind: 'Connection', reference: connection, path: ['spec', 'connection'] });
  return named.flatMap(resolve(document, options));
}

/** A name that ends as files do is a file beside the document, or nothing. */
function fileOrInventory(
  document: LoadedDocument,
  path: DocumentPath,
  { inventory, options }: { readonly inventory: string; readonly options: ReferenceOptions },
): readonly Problem[] {
  if (options.isBeside(document, inventory)) return [];
  if (!/\.ya?ml$/i.test(inventory))
    return resolve(document, options)({ kind: 'Inventory', reference: inventory, path });
  const message = `Cannot find the inventory "${inventory}": there is no such file beside the document`;
  return [atValue(document, path, { code: 'UNKNOWN_REFERENCE', message, found: inventory })];
}

/** Teams and rosters; what an expression will give is not known here. */
function askedAmong(candidates: readonly string[], pathOf: (index: number) => DocumentPath): readonly Named[] {
  const rosters = candidates.flatMap((candidate, index) =>
    candidate.startsWith(rosterPrefix)
      ? [{ kind: 'Roster' as const, reference: candidate.slice(rosterPrefix.length), path: pathOf(index) }]
      : [],
  );
  return [...teamsAmong(candidates, pathOf), ...rosters];
}

const rosterPrefix = 'on-call/';
