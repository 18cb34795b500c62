import { catalogue } from '../../activities/index';
import type { LoadedRehearsal } from '../../definitions/document';
import { definitionFiles } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { lintDocuments } from '../../definitions/lint';
import type { Problem } from '../../definitions/problems';
import { defaultStartMs } from '../../workflows/rehearsal';
import type { RehearsalRequest } from '../../workflows/rehearsal';
import { prepareChange } from './change-rehearsals';
import type { PreparedChange } from './change-rehearsals';
import { rehearsalCalendars } from './rehearsal-calendars';
import { hostsOf, planFor } from './rehearsal-plan';
import { readGiven, tiersAround } from './tiers';

/** A rehearsal that is ready to be played, or why it is not. */
export interface PreparedRehearsal {
  readonly name: string;
  readonly file: string;
  readonly request:
    | { readonly ok: true; readonly value: RehearsalRequest }
    | { readonly ok: true; readonly change: PreparedChange }
    | { readonly ok: false; readonly problems: readonly Problem[] };
}

export type Prepared =
  | { readonly ok: true; readonly rehearsals: readonly PreparedRehearsal[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Every document of kind Rehearsal in the files and folders, with the plan of its runbook. */
export async function prepareRehearsals(
  paths: readonly string[],
  options: { readonly library?: string } = {},
): Promise<Prepared> {
  const given = readGiven([...new Set(paths.flatMap(definitionFiles))]);
  const problems = [...given.problems, ...lintDocuments(given.documents, { catalogue })];
  if (problems.length > 0) return { ok: false, problems };
  const tiers = tiersAround(given, { beside: given.files, library: options.library });
  const rehearsals = given.documents.filter((document) => document.kind === 'Rehearsal');
  return { ok: true, rehearsals: await Promise.all(rehearsals.map((document) => prepare(document, tiers))) };
}

async function prepare(document: LoadedRehearsal, tiers: Tiers): Promise<PreparedRehearsal> {
  const { file, metadata, spec } = document;
  if (spec.change !== undefined) return { name: metadata.name, file, request: await prepareChange(document, tiers) };
  const planned = await planFor(document, tiers);
  if (!planned.ok) return { name: metadata.name, file, request: planned };
  const { bundle } = planned;
  const startMs = spec.start === undefined ? defaultStartMs : Date.parse(spec.start);
  const calendars = rehearsalCalendars(tiers, startMs);
  const value: RehearsalRequest = { plan: bundle.plan, hosts: hostsOf(bundle), script: spec, calendars };
  return { name: metadata.name, file, request: { ok: true, value } };
}
