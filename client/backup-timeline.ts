import type { StoredEntry } from '../platform/store/store';
import type { JournalEntry } from '../workflows/domain/journal';
import type { Json, JsonObject } from '../workflows/domain/json';
import { isList, isObject } from '../workflows/domain/json-values';
import { approvalText, isoMinute } from './approval-timeline';

/** What happened to a plan, or to one of its operations, for people; the journal has it in full. */
export interface ToldFact {
  readonly at: number;
  readonly actor: string;
  readonly text: string;
}

/** The kinds that are told of a keeper. */
export const keeperKinds = [
  'backup.kept',
  'backup.act',
  'backup.state',
  'backup.missed',
  'backup.expiring',
  'backup.held',
  'backup.released',
  'backup.alarm',
  'approval.event',
  'task.opened',
  'task.closed',
] as const;

/** And those of an operation. */
export const operationKinds = [
  'backup.opened',
  'backup.act',
  'backup.state',
  'backup.set',
  'backup.manifest',
  'backup.success',
  'backup.level',
  'backup.replicated',
  'backup.broken',
  'backup.pruned',
  'backup.step',
  'backup.asserted',
  'backup.measured',
  'backup.verdict',
  'backup.ended',
  'approval.event',
  'task.opened',
  'task.closed',
] as const;

type ToldKind = (typeof keeperKinds)[number] | (typeof operationKinds)[number];
type ToldEntry = { [K in ToldKind]: JournalEntry<K> }[ToldKind];

const told: ReadonlySet<string> = new Set([...keeperKinds, ...operationKinds]);

export function tellAll(stored: readonly StoredEntry[]): readonly ToldFact[] {
  return stored.map(tellFact).filter((fact) => fact !== null);
}

/** Null: nothing that people want to be told, or it was redacted. */
export function tellFact({ key, kind, at, actor, via, payload }: StoredEntry): ToldFact | null {
  if (!isTold(kind) || payload === null) return null;
  const entry: ToldEntry = { key, kind, at, actor, via, payload: JSON.parse(payload) };
  const text = textOf(entry);
  return text === null ? null : { at, actor, text };
}

function isTold(kind: string): kind is ToldKind {
  return told.has(kind);
}

function textOf({ kind, payload }: ToldEntry): string | null {
  switch (kind) {
    case 'backup.kept':
      return `goes by version ${payload.version} of the plan`;
    case 'backup.opened':
      return `${payload.kind} of ${payload.plan} begins, asked for by ${payload.requester}`;
    case 'backup.act':
      return payload.accepted
        ? `${payload.action}${because(payload.reason)}`
        : `${payload.action} refused${because(payload.reason)}`;
    case 'backup.state':
      return `${payload.state}${because(payload.reason)}`;
    case 'backup.missed': {
      const what = payload.taken ? 'made up for' : 'left out';
      return `${payload.run} of ${isoMinute(payload.atMs)} did not begin in time: ${what} (${payload.policy})`;
    }
    case 'backup.set':
      return `set ${payload.set} (${payload.kind}) of ${payload.sizeBytes} bytes, ${payload.toolId} in ${payload.repository}`;
    case 'backup.manifest':
      return changedText(payload.manifest);
    case 'backup.success':
      return payload.failed.length === 0 ? 'every test of success holds' : `it failed: ${payload.failed.join('; ')}`;
    case 'backup.level':
      return payload.levels.length === 0 ? null : `set ${payload.set} is shown at ${payload.levels.join(', ')}`;
    case 'backup.replicated':
      return `set ${payload.set} is at ${payload.location}, too`;
    case 'backup.broken':
      return `set ${payload.set} is broken${because(payload.reason)}`;
    case 'backup.expiring':
      return expiringText(payload.sets, payload.notBeforeMs);
    case 'backup.pruned':
      return `deleted ${payload.sets.join(', ')}${payload.intact ? '' : '; the repository is not intact after it'}`;
    case 'backup.held':
      return `${payload.kind} hold "${payload.name}" on ${payload.set}${because(payload.reason)}`;
    case 'backup.released':
      return `hold "${payload.name}" on ${payload.set} is released${because(payload.reason)}`;
    case 'backup.alarm':
      return payload.active ? `alarm ${payload.alarm}: ${payload.text}` : `alarm ${payload.alarm} is over`;
    case 'backup.step':
      // Which runbook was planned is in the journal; that it ran is told by what came of it.
      return payload.what === 'planned' ? null : payload.what;
    case 'backup.asserted':
      return assertedText(payload);
    case 'backup.measured':
      return `RTO ${msText(payload.rtoMs)}, RPO ${msText(payload.rpoMs)}: ${payload.reported}`;
    case 'backup.verdict':
      return `${payload.verdict}${payload.at === '' ? '' : ` at ${payload.at}`}${because(payload.reason)}`;
    case 'backup.ended':
      return `${payload.kind} ended: ${payload.outcome}${because(payload.reason)}`;
    case 'approval.event':
      return approvalText(payload.event);
    case 'task.opened':
      return `asks: ${payload.title} (${payload.candidates.join(', ')})`;
    case 'task.closed':
      return `${payload.choice === '' ? payload.reason : payload.choice}${payload.by.length === 0 ? '' : ` by ${payload.by.join(', ')}`}`;
  }
}

/** R-BKP-13. */
function changedText({ changedWhileRead: changed }: JsonObject): string | null {
  if (!isObject(changed)) return null;
  const { parts, files, fileCount } = changed;
  const paths = textsIn(isList(files) ? files.map((file) => (isObject(file) ? (file['path'] ?? null) : null)) : []);
  // Of what was removed only the part is known that it was in.
  const removed = textsIn(isList(parts) ? parts : []).filter((part) => !paths.some((path) => isWithin(path, part)));
  const names = [...paths, ...removed];
  const more = typeof fileCount === 'number' && fileCount > paths.length ? ` and ${fileCount - paths.length} more` : '';
  return `changed while read: ${names.join(', ')}${more}`;
}

function textsIn(values: readonly Json[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}

function expiringText(sets: readonly string[], notBeforeMs: number): string {
  if (sets.length === 0) return 'nothing is to be deleted';
  return `${sets.join(', ')} will be deleted after ${isoMinute(notBeforeMs)}`;
}

function assertedText({ mutation, results }: JournalEntry<'backup.asserted'>['payload']): string {
  const failed = Array.isArray(results) ? results.filter(isFailed).map(nameOf) : [];
  const count = Array.isArray(results) ? results.length : 0;
  const on = mutation === '' ? '' : ` on a copy with ${mutation}`;
  return failed.length === 0 ? `${count} assertions hold${on}` : `does not hold${on}: ${failed.join(', ')}`;
}

function isFailed(result: unknown): result is object {
  return typeof result === 'object' && result !== null && Reflect.get(result, 'ok') === false;
}

function nameOf(result: object): string {
  return String(Reflect.get(result, 'name'));
}

function msText(ms: number | null): string {
  return ms === null ? 'unknown' : `${(ms / 1_000).toFixed(1)} s`;
}
