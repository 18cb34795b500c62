import type { StoredEntry } from '../../platform/store/store';
import type { Json } from '../../workflows/domain/json';
import { listIn, memberOf, numberIn, payloadOf, textIn } from './payload';

/** What a reader looks for first, read out of the entries alone. */
export interface EvidenceSummary {
  readonly approvals: readonly Approval[];
  /** How many digests of output the journal has, and of how many bytes. */
  readonly outputs: { readonly count: number; readonly sizeBytes: number };
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

/** Takes the entries one by one: of a long journal only what is told of it is held. */
export class Summary {
  readonly #votes: Omit<Approval, 'standing'>[] = [];
  readonly #voteIds: string[] = [];
  readonly #tasks = new Map<string, Json>();
  readonly #standing = new Map<string, Approval['standing']>();
  readonly #plans: NamedPlan[] = [];
  readonly #calendars = new Map<string, EvidenceSummary['calendars'][number]>();
  readonly #children = new Set<string>();
  readonly #emptied: number[] = [];
  readonly #redactedBy = new Map<number, StoredEntry>();
  #outputs = { count: 0, sizeBytes: 0 };

  add(entry: StoredEntry): void {
    const payload = payloadOf(entry);
    this.#addOpinion(entry, payload);
    this.#plans.push(...plansOf(entry, payload));
    for (const asked of calendarsOf(entry, payload)) this.#calendars.set(`${asked.calendar}@${asked.version}`, asked);
    for (const child of childrenOf(entry, payload)) this.#children.add(child);
    for (const { sizeBytes } of outputsOf(entry)) {
      const { count, sizeBytes: before } = this.#outputs;
      this.#outputs = { count: count + 1, sizeBytes: before + sizeBytes };
    }
    if (entry.payload === null) this.#emptied.push(entry.seq);
    if (entry.kind === 'journal.redacted') this.#redactedBy.set(numberIn(payload, 'seq'), entry);
  }

  made(): EvidenceSummary {
    return {
      approvals: this.#approvals(),
      outputs: this.#outputs,
      plans: this.#plans,
      calendars: [...this.#calendars.keys()].toSorted().flatMap((key) => this.#calendars.get(key) ?? []),
      children: [...this.#children].toSorted(),
      redactions: this.#emptied.map((seq) => redactionOf(seq, this.#redactedBy.get(seq))),
    };
  }

  #addOpinion(entry: StoredEntry, payload: Json): void {
    const event = memberOf(payload, 'event');
    if (entry.kind === 'task.opened') this.#tasks.set(textIn(payload, 'id'), payload);
    if (entry.kind === 'task.refused') this.#standing.set(textIn(memberOf(payload, 'answer'), 'id'), 'refused');
    if (textIn(event, 'kind') === 'approval.vote-voided') this.#standing.set(textIn(event, 'vote'), 'voided');
    if (textIn(event, 'kind') === 'approval.vote-revoked') this.#standing.set(textIn(event, 'vote'), 'revoked');
    if (entry.kind !== 'vote.cast' || payload === null) return;
    const task = this.#tasks.get(textIn(payload, 'taskId'));
    this.#voteIds.push(textIn(payload, 'id'));
    this.#votes.push({
      seq: entry.seq,
      at: entry.at,
      task: textIn(payload, 'taskId'),
      actor: textIn(payload, 'actor'),
      onBehalfOf: textIn(payload, 'onBehalfOf'),
      via: textIn(payload, 'via'),
      choice: textIn(payload, 'choice'),
      planHash: textIn(payload, 'planHash') || textIn(task, 'planHash'),
      showHash: textIn(payload, 'showHash') || textIn(task, 'showHash'),
    });
  }

  #approvals(): readonly Approval[] {
    return this.#votes.map((vote, index) => {
      const standing = this.#standing.get(this.#voteIds[index] ?? '') ?? 'cast';
      return { ...vote, standing };
    });
  }
}

export function outputsOf(entry: StoredEntry): readonly OutputDigest[] {
  const row = entry.kind === 'host.ended' ? payloadOf(entry) : null;
  const output = memberOf(row, 'output');
  if (output === null) return [];
  return (['stdout', 'stderr'] as const).map((stream) => ({
    path: textIn(row, 'path'),
    phase: textIn(row, 'phase'),
    generation: numberIn(row, 'generation'),
    stream,
    sizeBytes: numberIn(output, `${stream}Bytes`),
    sha256: textIn(output, `${stream}Digest`),
  }));
}

/** A run is created with its plan, a change is planned, and an operation plans runbooks on its way. */
function plansOf({ kind, seq }: StoredEntry, payload: Json): readonly NamedPlan[] {
  if (!['run.created', 'change.planned', 'backup.step'].includes(kind)) return [];
  const named = kind === 'backup.step' ? memberOf(payload, 'detail') : payload;
  const planDigest = textIn(named, 'planDigest');
  return planDigest === '' ? [] : [{ seq, planHash: textIn(named, 'planHash'), planDigest }];
}

function calendarsOf({ kind }: StoredEntry, payload: Json): EvidenceSummary['calendars'] {
  if (kind !== 'change.calendars' && kind !== 'wait.ended') return [];
  return [memberOf(payload, 'consulted'), ...listIn(payload, 'consulted')]
    .map((asked) => ({ calendar: textIn(asked, 'calendar'), version: textIn(asked, 'version') }))
    .filter(({ calendar }) => calendar !== '');
}

function childrenOf({ kind }: StoredEntry, payload: Json): readonly string[] {
  if (kind !== 'child.started' && kind !== 'change.ended') return [];
  const id = textIn(payload, kind === 'child.started' ? 'childId' : 'runId');
  return id === '' ? [] : [id];
}

function redactionOf(seq: number, by: StoredEntry | undefined): Redaction {
  if (by === undefined) return { seq, saidBy: null, actor: '', at: null, reason: '' };
  return { seq, saidBy: by.seq, actor: by.actor, at: by.at, reason: textIn(payloadOf(by), 'reason') };
}
