import type { JournalPayloads } from '../domain/journal';
import type { AnyJournalEntry } from '../effects';
import { changeText, isChangeEntry } from './change-timeline';
import { approvalText } from './approval-text';

/** One line of what happened, with the time since the start. */
export interface TimelineEntry {
  readonly at: number;
  readonly offsetMs: number;
  readonly text: string;
}

/** Hosts that a group of an undo was about, by the key of its entry: they are cut anew, so its number would tell nobody which. */
export type UndoneGroups = ReadonlyMap<string, readonly string[]>;

export function timelineOf(
  journal: readonly AnyJournalEntry[],
  { start, undone }: { readonly start: number; readonly undone: UndoneGroups },
): readonly TimelineEntry[] {
  return journal.flatMap((entry) => {
    if (isOfOthers(entry)) return [];
    const text = textOf(entry, undone);
    return text === null ? [] : [{ at: entry.at, offsetMs: entry.at - start, text }];
  });
}

type EntryOfOthers = Extract<AnyJournalEntry, { kind: `backup.${string}` | `access.${string}` | `login.${string}` }>;

/** Runs and changes have none. */
function isOfOthers(entry: AnyJournalEntry): entry is EntryOfOthers {
  return ['backup.', 'access.', 'login.'].some((beginning) => entry.kind.startsWith(beginning));
}

/** Null: of no interest to somebody who reads along. */
function textOf(entry: Exclude<AnyJournalEntry, EntryOfOthers>, undone: UndoneGroups): string | null {
  if (isChangeEntry(entry)) return changeText(entry);
  switch (entry.kind) {
    case 'run.started':
      return entry.payload.resumed ? 'run resumed' : 'run started';
    case 'run.ended':
      return `run ended: ${entry.payload.outcome}${entry.payload.degraded ? ' (degraded)' : ''}`;
    case 'run.control':
      return `${entry.payload.action} by ${entry.actor}`;
    case 'step.ended':
      return stepText(entry.payload, undone.get(entry.key) ?? []);
    case 'wave.started':
      return waveText(entry.payload);
    case 'gate.verdict':
      return `${entry.payload.path}: ${entry.payload.verdict} after ${entry.payload.samples} samples`;
    case 'task.opened':
      return `asked ${entry.payload.candidates.join(', ')}: ${entry.payload.title}`;
    case 'vote.cast':
      return `${entry.payload.actor} answered ${entry.payload.choice}`;
    case 'task.refused':
      return `${entry.actor} was refused: ${entry.payload.reason}`;
    case 'task.commented':
      return `${entry.actor} said: ${entry.payload.text}`;
    case 'task.delegated':
      return `${entry.payload.from} has ${entry.payload.to} answer`;
    case 'task.closed':
      return `decided: ${entry.payload.choice} (${entry.payload.reason})`;
    case 'approval.event':
      return approvalText(entry.payload.event);
    case 'event.received':
      return `event ${entry.payload.name}`;
    case 'child.started':
    case 'child.ended':
      return `${entry.payload.path}: run ${entry.payload.childId} ${entry.kind === 'child.ended' ? `ended ${entry.payload.outcome}` : 'started'}`;
    case 'task.asked':
    case 'run.created':
    case 'run.state':
    case 'step.started':
    case 'host.dispatched':
    case 'host.ended':
    case 'wave.ended':
    case 'wait.started':
    case 'wait.ended':
    case 'lock.requested':
    case 'lock.withdrawn':
    case 'lock.granted':
    case 'lock.released':
    case 'lock.orphaned':
    case 'definition.published':
    case 'journal.redacted':
    case 'checkpoint.made':
    case 'preferences.set':
    case 'notice.sent':
    case 'notice.failed':
      return null;
  }
}

function stepText(step: JournalPayloads['step.ended'], undoneHosts: readonly string[]): string {
  const { path, status, phase, group, counts, error } = step;
  const hosts =
    counts === null
      ? ''
      : ` (${counts.ok} ok, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.unknown} unknown)`;
  const where =
    phase === 'undo' ? `undo of ${path}${onHosts(undoneHosts)}` : `${path}${group === null ? '' : ` group ${group}`}`;
  return `${where}: ${status}${hosts}${error === null ? '' : `; ${error.code}: ${error.message}`}`;
}

const hostsShown = 5;

function onHosts(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > hostsShown ? ` and ${names.length - hostsShown} more` : '';
  return ` on ${names.slice(0, hostsShown).join(', ')}${more}`;
}

function waveText({ path, wave, domain, hosts }: JournalPayloads['wave.started']): string {
  return `${path} wave ${wave}${domain === undefined ? '' : ` in ${domain}`}: ${hosts.join(', ')}`;
}
