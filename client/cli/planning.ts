import { statSync } from 'node:fs';

import type { Command } from 'commander';

import type { Json } from '../../workflows/domain/json';
import { EncodedBundle, decodeBundle } from '../../activities/plans/plan-bundle';
import type { PlanBundle } from '../../activities/plans/plan-bundle';
import type { TeamMembers } from '../../definitions/plan-view';
import { membersOf } from '../../activities/plans/make-plan';
import { planLocally } from '../authoring/plan';
import type { Made } from '../../activities/plans/make-plan';
import { nothingPublished } from '../../activities/plans/published';
import { refuseForProblems } from './authoring';
import type { Cli, ConnectionOptions, OutputOptions } from './cli';
import { collect, collectList } from './cli';
import { collectInput } from './inputs';
import { readPlanFile } from './plan-file';
import { publishedSources } from './published-sources';

export interface PlanOptions extends ConnectionOptions, OutputOptions {
  readonly input?: Readonly<Record<string, Json>>;
  readonly inventory?: string;
  readonly limit?: readonly string[];
  readonly library?: string;
  readonly with?: readonly string[];
}

/** Options of every verb that makes a plan. */
export function withPlanning(command: Command): Command {
  return command
    .option('-i, --input <name=value>', 'an input; name=@file reads it from a file', collectInput)
    .option('--inventory <file-or-name>', 'inventory file, or the name of one that is given or published')
    .option('--limit <hosts>', 'only these hosts', collectList)
    .option('--library <dir>', 'folder of definitions that references are looked up in')
    .option('--with <file>', 'more definitions: policies, connections, runbooks', collect);
}

/** A plan, and who asks for it the members of its teams as far as they are known. */
export interface PlanForPeople {
  readonly bundle: PlanBundle;
  readonly members: () => Promise<TeamMembers>;
}

/** A plan file as it is, a runbook file compiled here, a published name compiled by the engine. */
export async function planOf(cli: Cli, what: string, options: PlanOptions): Promise<PlanForPeople> {
  if (what.endsWith('.json')) return { bundle: await readPlanFile(what), members: () => Promise.resolve(new Map()) };
  const published = publishedRequest(what, options);
  return published === null ? compileFile(cli, what, options) : compilePublished(cli, published, options);
}

/** What the engine compiles by itself: a published name, and what was said with it. Null: a file, which only we can read. */
export function publishedRequest(what: string, options: PlanOptions): PublishedRequest | null {
  if (what.endsWith('.json') || isFile(what)) return null;
  const { input, inventory, limit } = options;
  return {
    definition: what,
    inputs: input ?? {},
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  };
}

interface PublishedRequest {
  readonly definition: string;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly inventory?: string;
  readonly limit?: readonly string[];
}

/** What the given files leave open may be published; a plan of complete files needs no engine. */
async function compileFile(cli: Cli, file: string, options: PlanOptions): Promise<PlanForPeople> {
  const request = { file, inputs: options.input ?? {}, ...options };
  const alone = await planLocally({ ...request, published: nothingPublished });
  if (alone.ok) return noted(cli, alone);
  const isOpen = alone.problems.some(({ code }) => code === 'UNKNOWN_REFERENCE' || code === 'MISSING_INVENTORY');
  const published = isOpen ? await readPublishedIfThere(cli, options) : nothingPublished;
  const planned = published.documents.length === 0 ? alone : await planLocally({ ...request, published });
  return planned.ok ? noted(cli, planned) : refuseForProblems(cli.terminal, planned.problems, options.json === true);
}

function noted(cli: Cli, { notes, bundle, members }: Made): PlanForPeople {
  for (const note of notes) cli.terminal.note(note);
  return { bundle, members: () => Promise.resolve(members) };
}

async function readPublishedIfThere(cli: Cli, options: PlanOptions): ReturnType<typeof publishedSources> {
  try {
    return await publishedSources(await cli.connect(options));
  } catch {
    // Without an engine the problems of the files themselves are what there is to tell.
    return nothingPublished;
  }
}

async function compilePublished(cli: Cli, body: PublishedRequest, options: PlanOptions): Promise<PlanForPeople> {
  const api = await cli.connect(options);
  const bundle = decodeBundle(await api.post('/plans', { body }, EncodedBundle));
  return { bundle, members: async () => membersOf([(await publishedSources(api)).documents]) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true || /\.ya?ml$/.test(path);
}
