import type { Failure } from '../../workflows/domain/failure';

/** How times, durations and outcomes read, in one place. */

export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return hours > 0 ? `${hours} h ${pad(minutes)} min` : `${minutes} min ${pad(seconds % 60)} s`;
}

/** `2026-11-21 09:00:00`, in UTC, as the journal keeps it. */
export function instantText(at: number | string | null): string {
  return at === null ? '-' : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

export function clockText(at: number | string | null): string {
  return at === null ? '        ' : new Date(at).toISOString().slice(11, 19);
}

export function spanText(startedAt: string | null, endedAt: string | null): string {
  return startedAt === null || endedAt === null ? '' : durationText(Date.parse(endedAt) - Date.parse(startedAt));
}

export function outcomeText(run: {
  readonly state: string;
  readonly outcome: string | null;
  readonly degraded: boolean;
}): string {
  const text = run.outcome ?? run.state;
  return run.degraded ? `${text} (degraded)` : text;
}

export function failureText(error: Failure): string {
  return `${error.code}: ${error.message}`;
}

export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
