import type { StoredEntry } from '../../platform/store/store';
import type { Json } from '../../workflows/domain/json';
import { listIn, memberOf, numberIn, payloadOf, textIn } from './payload';

/** What a reader looks for first, made from the entries alone; whoever has the entries can make it again. */
export interface EvidenceSummary {
  readonly approvals: readonly Approval[];
  readonly outputs: readonly OutputDigest[];
  readonly plans: readonly NamedPlan[];
  /** Which version of which calendar was asked (R-TIME-6). */
  readonly calendars: readonly { readonly calendar: string; readonly version: string }[];
  readonly children: readonly string[];
  readonly redactions: readonly Redaction[];
}

/** One vote: who, by which way, and the hashes that it was given to. */
export interface Approval {
  readonly seq: number;
  readonly at: number;
  readonly task: string;
  readonly actor: string;
  readonly onBehalfOf: string;
  readonly via: string;
  readonly choice: string;
  readonly planHash: string;
  readonly showHash: string;
  readonly standing: 'cast' | 'refused' | 'voided' | 'revoked';
}

export interface OutputDigest {
  readonly path: string;
  readonly host: string;
  readonly phase: string;
  readonly generation: number;
  readonly stream: 'stdout' | 'stderr';
  readonly sizeBytes: number;
  /** SHA-256 (hex). */
  readonly sha256: string;
}

export interface NamedPlan {
  /** Of the entry that names it. */
  readonly seq: number;
  readonly planHash: string;
  readonly planDigest: string;
}

export interface Redaction {
  /** Of the entry that was emptied. */
  readonly seq: number;
  /** Of the entry that says so; null: none does. */
  readonly saidBy: number | null;
  readonly actor: string;
  readonly at: number | null;
  readonly reason: string;
}

export function summaryOf(entries: readonly StoredEntry[]): EvidenceSummary {
  return {
    approvals: approvalsOf(entries),
    outputs: entries.flatMap((entry) => (entry.kind === 'host.ended' ? outputsOf(payloadOf(entry)) : [])),
    plans: entries.flatMap(plansOf),
    calendars: calendarsOf(entries),
    children: [...new Set(entries.flatMap(childrenOf))].toSorted(),
    redactions: redactionsOf(entries),
  };
}

function approvalsOf(entries: readonly StoredEntry[]): readonly Approval[] {
  const tasks = new Map<string, Json>();
  const standing = new Map<string, Approval['standing']>();
  for (const entry of entries) {
    const payload = payloadOf(entry);
    if (entry.kind === 'task.opened') tasks.set(textIn(payload, 'id'), payload);
    if (entry.kind === 'task.refused') standing.set(textIn(memberOf(payload, 'answer'), 'id'), 'refused');
    const event = memberOf(payload, 'event');
    if (textIn(event, 'kind') === 'approval.vote-voided') standing.set(textIn(event, 'vote'), 'voided');
    if (textIn(event, 'kind') === 'approval.vote-revoked') standing.set(textIn(event, 'vote'), 'revoked');
  }
  return entries.flatMap((entry) => {
    const payload = payloadOf(entry);
    if (entry.kind !== 'vote.cast' || payload === null) return [];
    const task = tasks.get(textIn(payload, 'taskId'));
    return [
      {
        seq: entry.seq,
        at: entry.at,
        task: textIn(payload, 'taskId'),
        actor: textIn(payload, 'actor'),
        onBehalfOf: textIn(payload, 'onBehalfOf'),
        via: textIn(payload, 'via'),
        choice: textIn(payload, 'choice'),
        planHash: textIn(payload, 'planHash') || textIn(task, 'planHash'),
        showHash: textIn(payload, 'showHash') || textIn(task, 'showHash'),
        standing: standing.get(textIn(payload, 'id')) ?? 'cast',
      },
    ];
  });
}

function outputsOf(row: Json): readonly OutputDigest[] {
  const output = memberOf(row, 'output');
  if (output === null) return [];
  return (['stdout', 'stderr'] as const).map((stream) => ({
    path: textIn(row, 'path'),
    host: textIn(row, 'host'),
    phase: textIn(row, 'phase'),
    generation: numberIn(row, 'generation'),
    stream,
    sizeBytes: numberIn(output, `${stream}Bytes`),
    sha256: textIn(output, `${stream}Digest`),
  }));
}

/** A run is created with its plan, a change is planned, and an operation plans runbooks on its way. */
function plansOf(entry: StoredEntry): readonly NamedPlan[] {
  const payload = payloadOf(entry);
  const named = entry.kind === 'backup.step' ? memberOf(payload, 'detail') : payload;
  if (!['run.created', 'change.planned', 'backup.step'].includes(entry.kind)) return [];
  const planDigest = textIn(named, 'planDigest');
  return planDigest === '' ? [] : [{ seq: entry.seq, planHash: textIn(named, 'planHash'), planDigest }];
}

function calendarsOf(entries: readonly StoredEntry[]): EvidenceSummary['calendars'] {
  const found = new Map<string, { readonly calendar: string; readonly version: string }>();
  for (const entry of entries) {
    if (entry.kind !== 'change.calendars' && entry.kind !== 'wait.ended') continue;
    const payload = payloadOf(entry);
    for (const asked of [memberOf(payload, 'consulted'), ...listIn(payload, 'consulted')]) {
      const [calendar, version] = [textIn(asked, 'calendar'), textIn(asked, 'version')];
      if (calendar !== '') found.set(`${calendar}@${version}`, { calendar, version });
    }
  }
  return [...found.keys()].toSorted().flatMap((key) => found.get(key) ?? []);
}

function childrenOf(entry: StoredEntry): readonly string[] {
  if (entry.kind !== 'child.started' && entry.kind !== 'change.ended') return [];
  const payload = payloadOf(entry);
  const id = textIn(payload, entry.kind === 'child.started' ? 'childId' : 'runId');
  return id === '' ? [] : [id];
}

function redactionsOf(entries: readonly StoredEntry[]): readonly Redaction[] {
  const said = new Map<number, StoredEntry>();
  for (const entry of entries) {
    if (entry.kind === 'journal.redacted') said.set(numberIn(payloadOf(entry), 'seq'), entry);
  }
  return entries
    .filter(({ payload }) => payload === null)
    .map(({ seq }) => {
      const by = said.get(seq);
      if (by === undefined) return { seq, saidBy: null, actor: '', at: null, reason: '' };
      return { seq, saidBy: by.seq, actor: by.actor, at: by.at, reason: textIn(payloadOf(by), 'reason') };
    });
}
