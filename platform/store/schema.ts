import type { Generated } from 'kysely';
import type { ApiTokensTable, LoginsTable, SessionsTable, SignInCodesTable } from './access-tables';
import type { RunSearchTable, ScopesTable, TaskPeopleTable } from './list-tables';
import type { NoticePreferencesTable } from './preferences-schema';
import type { CheckpointLeavesTable, CheckpointNodesTable, CheckpointsTable } from './checkpoint-tables';

/** Tables of the store. The `document` columns are canonical JSON; the columns beside it are what queries select by. */
export interface Schema {
  readonly migrations: MigrationsTable;
  readonly installation: InstallationTable;
  readonly counters: CountersTable;
  readonly journal_heads: JournalHeadsTable;
  readonly journal: JournalTable;
  readonly blobs: BlobsTable;
  readonly outputs: OutputsTable;
  readonly feed: FeedTable;
  readonly deliveries: DeliveriesTable;
  readonly definitions: DefinitionsTable;
  readonly scopes: ScopesTable;
  readonly runs: RunsTable;
  readonly steps: StepsTable;
  readonly hosts: HostsTable;
  readonly tasks: TasksTable;
  readonly run_search: RunSearchTable;
  readonly task_people: TaskPeopleTable;
  readonly locks: LocksTable;
  readonly lock_waits: LockWaitsTable;
  readonly notices: NoticesTable;
  readonly notice_preferences: NoticePreferencesTable;
  readonly changes: ChangesTable;
  readonly change_items: ChangeItemsTable;
  readonly change_assignees: ChangeAssigneesTable;
  readonly backup_plans: BackupPlansTable;
  readonly backup_operations: BackupOperationsTable;
  readonly backup_set_facts: BackupSetFactsTable;
  readonly sign_in_codes: SignInCodesTable;
  readonly sessions: SessionsTable;
  readonly api_tokens: ApiTokensTable;
  readonly logins: LoginsTable;
  readonly checkpoints: CheckpointsTable;
  readonly checkpoint_leaves: CheckpointLeavesTable;
  readonly checkpoint_nodes: CheckpointNodesTable;
}

/** The tables that can be thrown away and made again from the journal. */
export const foldTables = [
  'runs',
  'steps',
  'hosts',
  'tasks',
  'run_search',
  'task_people',
  'locks',
  'lock_waits',
  'definitions',
  'notice_preferences',
  'changes',
  'change_items',
  'change_assignees',
  'backup_plans',
  'backup_operations',
  'backup_set_facts',
  'logins',
] as const satisfies readonly (keyof Schema)[];

interface MigrationsTable {
  number: number;
  name: string;
  applied_at: number;
}

interface InstallationTable {
  id: string;
  created_at: number;
}

interface CountersTable {
  name: string;
  value: number;
}

interface JournalHeadsTable {
  stream: string;
  count: number;
  hash: string;
}

export interface JournalTable {
  stream: string;
  seq: number;
  key: string;
  kind: string;
  at: number;
  actor: string;
  via: string;
  /** Of the API; null: nobody asked for it there. */
  request: string | null;
  payload_digest: string;
  prev: string;
  hash: string;
  salt: string | null;
  payload: string | null;
}

/** libsql answers an ArrayBuffer, pg a Buffer; `bytesOf` makes them one. */
export type StoredBytes = Uint8Array | ArrayBuffer;

interface BlobsTable {
  digest: string;
  bytes: StoredBytes;
  /** Null: kept for good. Else it goes once nobody can need it any more, counted from this time. */
  temporary_since: number | null;
}

interface OutputsTable {
  position: Generated<number>;
  run_id: string;
  path: string;
  phase: string;
  generation: number;
  stream: string;
  /** Offset of the first byte within its stream. */
  start: number;
  size: number;
  bytes: StoredBytes;
}

/** Places of entries in the order of all streams. No fold: a rebuild must not move them. */
interface FeedTable {
  position: Generated<number>;
  stream: string;
  seq: number;
  at: number;
}

/** No fold: what was sent cannot be made again from the journal. */
export interface DeliveriesTable {
  id: string;
  subscription: string;
  event_id: string;
  kind: string;
  body: string;
  state: 'waiting' | 'sending' | 'delivered' | 'dead';
  round: number;
  attempts: number;
  answer: string | null;
  created_at: number;
  settled_at: number | null;
}

interface DefinitionsTable {
  kind: string;
  name: string;
  version: string;
  digest: string;
  text: string;
  /** Canonical JSON of name → blob digest. */
  files: string;
  scope: number | null;
}

interface RunsTable {
  id: string;
  /** Null until `run.created` has arrived; lists leave such a run out. */
  number: number | null;
  state: string;
  definition: string | null;
  parent: string | null;
  /** Of a closed run; null while it is open. */
  ended_at: number | null;
  /** Null until `run.created` has arrived, as are the two below. */
  scope: number | null;
  requester: string | null;
  created_at: number | null;
  /** Null while it is open. */
  outcome: string | null;
  document: string;
}

interface StepsTable {
  run_id: string;
  path: string;
  phase: string;
  /** Group of a rollout; -1 for none. */
  group_index: number;
  document: string;
}

interface HostsTable {
  run_id: string;
  path: string;
  phase: string;
  generation: number;
  step: string;
  host: string;
  /** Index into `countedAs`: what this row counts as among the rows of its host. */
  severity: number;
  document: string;
}

interface TasksTable {
  run_id: string;
  id: string;
  opened_at: number | null;
  is_open: number;
  /** Of the process that asks. */
  scope: number | null;
  document: string;
}

interface LocksTable {
  name: string;
  run_id: string;
  path: string;
  token: number;
  state: string;
  at: number;
  /** Of a seat: how many of its redundancy group may be out, as its holder was told. */
  seat_limit: number | null;
}

interface LockWaitsTable {
  run_id: string;
  path: string;
  /** Canonical JSON of the names. */
  names: string;
  any_of: number;
  /** Canonical JSON of a request for seats. */
  seats: string | null;
  /** Seq of the request: the order of asking. */
  since: number;
}

/** The outbox; no fold, for a message that has gone cannot be made again from the journal. */
export interface NoticesTable {
  id: string;
  about_kind: string;
  about_id: string;
  what: string;
  stream: string;
  /** Of the entry that is the reason. */
  seq: number;
  recipient: string;
  on_behalf_of: string | null;
  channel: string;
  /** `open` → `addressed`; `pending` → `sent`, `failed` or `dropped`. */
  state: string;
  attempts: number;
  next_at: number;
  /** Of a question, as are the two below; what expires at 0 is none. */
  plan_hash: string;
  show_hash: string;
  expires_at: number;
  created_at: number;
  /** 1: it may go in one message with others. */
  gathered: number;
  /** Given when it is first taken, to all that are one message. */
  batch: string | null;
  /** Of the last attempt that came to nothing, as is the reason. */
  code: string | null;
  reason: string | null;
}

interface ChangesTable {
  id: string;
  /** Null until `change.opened` has arrived; lists leave such a change out. */
  number: number | null;
  phase: string;
  /** What it is to other changes, by its phase. */
  standing: string;
  requester: string | null;
  /** Start less preparation: from here on its items are taken. */
  taken_from_ms: number | null;
  start_ms: number | null;
  end_ms: number | null;
  scope: number | null;
  document: string;
}

/** Configuration items of the newest plan. */
interface ChangeItemsTable {
  change_id: string;
  item: string;
}

interface ChangeAssigneesTable {
  change_id: string;
  person: string;
}

interface BackupPlansTable {
  /** Of the keeper. */
  id: string;
  /** Null until `backup.kept` has arrived. */
  name: string | null;
  scope: number | null;
  document: string;
}

interface BackupOperationsTable {
  id: string;
  /** Null until `backup.opened` has arrived, as are the two below; lists leave such an operation out. */
  plan: string | null;
  kind: string | null;
  opened_at: number | null;
  ended_at: number | null;
  scope: number | null;
  document: string;
}

/** What one process says about one set; a set is what all of them say. */
interface BackupSetFactsTable {
  set_id: string;
  process_id: string;
  /** Of the process that made it; null in the rows of others, as is the time. */
  plan: string | null;
  at_ms: number | null;
  /** Held or pinned, as far as this process says. */
  in_use: number;
  pruned_at: number | null;
  document: string;
}

export function bytesOf(stored: StoredBytes): Uint8Array {
  return ArrayBuffer.isView(stored) ? stored : new Uint8Array(stored);
}

/** Reads a `document` column. Only this package writes them, as canonical JSON of exactly this type (S1). */
export function readDocument<T>(text: string): T {
  const document: T = JSON.parse(text);
  return document;
}
