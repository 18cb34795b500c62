import { JournalEntryView, JournalPage, RunView } from '../api/schema';
import type { RunView as Run } from '../engine';
import type { ApiClient } from './api-client';
import { apiPath } from '../typed/path';
import { progressLine } from './progress';

export interface Following {
  readonly runId: string;
  /** Journal position to go on after. */
  readonly after: number;
  readonly note: (line: string) => void;
  readonly detached: AbortSignal;
}

/** Tells the progress of a run until it ends; answers it, or null when the user let go of it. */
export async function followRun(engine: ApiClient, following: Following): Promise<Run | null> {
  const { runId, after, note, detached } = following;
  const api = engine.until(detached);
  for await (const entry of api.feed(apiPath`/runs/${runId}/events`, { after }, JournalEntryView)) {
    tell(entry, note);
  }
  return detached.aborted ? null : readRun(engine, runId);
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

function tell(entry: JournalEntryView, note: (line: string) => void): void {
  const line = progressLine(entry);
  if (line !== null) note(line);
}
