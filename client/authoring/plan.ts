import { existsSync } from 'node:fs';

import { catalogue } from '../../activities/index';
import { refuse } from '../../activities/plans/inventory';
import type { Refused } from '../../activities/plans/inventory';
import { makePlan } from '../../activities/plans/make-plan';
import type { Planned } from '../../activities/plans/make-plan';
import type { PublishedDocuments } from '../../activities/plans/published';
import { ownSecrets } from '../../activities/plans/secrets';
import type { LoadedDocument, LoadedRunbook } from '../../definitions/document';
import { lintDocuments } from '../../definitions/lint';
import type { JsonObject } from '../../workflows/domain/json';
import { readGiven, tiersAround } from './tiers';

export interface LocalRequest {
  readonly file: string;
  readonly inputs: JsonObject;
  /** A file, or a name. */
  readonly inventory?: string;
  readonly limit?: readonly string[];
  readonly library?: string;
  readonly with?: readonly string[];
  readonly published: PublishedDocuments;
}

/** The plan of a runbook in a file, with the documents beside it. */
export async function planLocally(request: LocalRequest): Promise<Planned> {
  const { file, inventory, published } = request;
  const named = [
    file,
    ...(request.with ?? []),
    ...(inventory !== undefined && existsSync(inventory) ? [inventory] : []),
  ];
  const given = readGiven(named);
  const problems = [...given.problems, ...lintDocuments(given.documents, { catalogue })];
  if (problems.length > 0) return { ok: false, problems };
  const root = onlyRunbook(file, given.documents);
  if (!root.ok) return root;
  const { limit, inputs } = request;
  const inventories = given.documents.filter((document) => document.kind === 'Inventory');
  return makePlan({
    runbook: root.runbook,
    tiers: tiersAround(given, { beside: [file], library: request.library, published: published.documents }),
    files: published.files,
    onDisk: true,
    inventories:
      inventories.length > 0 ? inventories : published.documents.filter((document) => document.kind === 'Inventory'),
    inputs,
    secrets: ownSecrets(),
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  });
}

type Root = { readonly ok: true; readonly runbook: LoadedRunbook } | Refused;

function onlyRunbook(file: string, documents: readonly LoadedDocument[]): Root {
  const [runbook, second] = documents.filter((document) => document.kind === 'Runbook' && document.file === file);
  if (runbook?.kind === 'Runbook' && second === undefined) return { ok: true, runbook };
  const state = runbook === undefined ? 'it holds no runbook' : 'it holds more than one runbook';
  return refuse(file, 'UNKNOWN_REFERENCE', `Cannot plan "${file}": ${state}`);
}
