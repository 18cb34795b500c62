import { isRequestError } from '../api/errors';
import type { JournalEntryView } from '../api/schema';
import { JournalPage, RunView } from '../api/schema';
import type { RunView as Run } from '../engine';
import type { ApiClient } from './api-client';
import { apiPath } from './api-client';
import { ApiRefusal } from './failure';
import type { Cli, ConnectionOptions } from './cli';
import { progressLine } from './progress';

export interface Following {
  readonly runId: string;
  readonly options: ConnectionOptions;
  /** Journal position to go on after. */
  readonly after: number;
  readonly detached: AbortSignal;
}

/** Longer than a restart of everything takes; after that nobody can say whether the engine comes back. */
const absenceLimitMs = 120_000;
const longPollMs = 10_000;

/**
 * Prints the progress of a run until it ends; answers it, or null when the user let go of it.
 * It outlives a restart of the API: the run does.
 */
export async function followRun(cli: Cli, following: Following): Promise<Run | null> {
  let { after } = following;
  let reached = Date.now();
  while (!following.detached.aborted) {
    try {
      const api = (await cli.connect(following.options)).until(following.detached);
      const query = { after, limit: 1_000, waitMs: longPollMs };
      const page = await api.get(apiPath`/runs/${following.runId}/journal`, query, JournalPage);
      reached = Date.now();
      after = page.after;
      for (const entry of page.entries) note(cli, entry);
      if (page.entries.some((entry) => entry.kind === 'run.ended')) return await readRun(api, following.runId);
    } catch (error) {
      if (following.detached.aborted) return null;
      if (!isAbsence(error) || Date.now() - reached > absenceLimitMs) throw error;
      await cli.pause(500);
    }
  }
  return null;
}

export function readRun(api: ApiClient, reference: string): Promise<Run> {
  return api.get(apiPath`/runs/${reference}`, {}, RunView);
}

/** The journal position of now: what comes later is new. */
export async function journalPosition(api: ApiClient, reference: string): Promise<number> {
  const page = await api.get(apiPath`/runs/${reference}/journal`, { limit: 1, after: -1 }, JournalPage);
  const first = page.entries[0];
  return first === undefined ? -1 : first.seq + page.head.count - 1;
}

function isAbsence(error: unknown): boolean {
  if (isRequestError(error)) return error.code === 'NOT_CONNECTED';
  return error instanceof ApiRefusal && error.code === 'ENGINE_UNAVAILABLE';
}

function note(cli: Cli, entry: JournalEntryView): void {
  const line = progressLine(entry);
  if (line !== null) cli.terminal.note(line);
}
