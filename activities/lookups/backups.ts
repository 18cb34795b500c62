import type { BackupOperationRow, BackupSetRow } from '../../platform/store/backup-row';
import type { Store } from '../../platform/store/store';
import type { OperationEnd, OperationInput, OperationKind, OperationOutcome } from '../../workflows/backup/messages';
import type { JournalEntry } from '../../workflows/domain/journal';
import type { Json, JsonObject } from '../../workflows/domain/json';
import { streamOf } from '../../workflows/domain/streams';
import type { Lookups } from '../../workflows/effects';

const mostSets = 500;
const mostDrills = 50;

export async function backupSets(
  store: Store,
  { plan }: Lookups['backupSets']['asked'],
): Promise<Lookups['backupSets']['answer']> {
  const rows = await store.backups.sets({ plan, limit: mostSets });
  return { sets: rows.map(knownSet) };
}

/** What processes are told of a set; the rest is for people. */
function knownSet(row: BackupSetRow): Lookups['backupSets']['answer']['sets'][number] {
  const { id, setId, plan, atMs, kind, parent, sizeBytes, owned, levels, broken, holds, pins, offsite, expiring } = row;
  const { group, digest, versions, hasManifest } = row;
  const standing = { owned, levels, broken, holds, pins, offsite, expiring };
  return { id, setId, plan, atMs, kind, parent, sizeBytes, ...standing, group, digest, versions, hasManifest };
}

export async function backupManifest(
  store: Store,
  { set }: Lookups['backupManifest']['asked'],
): Promise<Lookups['backupManifest']['answer']> {
  return { manifest: await store.backups.manifest(set) };
}

export async function operationsEnded(
  store: Store,
  { ids }: Lookups['operationsEnded']['asked'],
): Promise<Lookups['operationsEnded']['answer']> {
  const rows = await store.backups.endedAmong(ids);
  return { ended: rows.map(endOf).filter((end) => end !== null) };
}

/** Null: nobody knows such an end; a later version wrote it. */
function endOf({ id, kind, outcome, reason, set, endedAt, alarms }: BackupOperationRow): OperationEnd | null {
  if (endedAt === null || !isKind(kind) || outcome === null || !isOutcome(outcome)) return null;
  const told = Object.fromEntries(Object.entries(alarms).filter(isText));
  // The journal does not tell "did not look" from "found nothing": only one whose whole work it is to look has looked.
  const looked = Object.keys(told).length > 0 || (kind === 'watch' && outcome === 'succeeded');
  return { operation: id, kind, outcome, reason, set, endedAt, ...(looked ? { alarms: told } : {}) };
}

function isText(member: [string, Json]): member is [string, string] {
  return typeof member[1] === 'string';
}

const kinds: { readonly [K in OperationKind]: true } = {
  backup: true,
  verify: true,
  forget: true,
  restore: true,
  drill: true,
  watch: true,
};

const outcomes: { readonly [O in OperationOutcome]: true } = {
  succeeded: true,
  failed: true,
  blocked: true,
  cancelled: true,
  PASS: true,
  FAIL: true,
  INTERRUPTED: true,
  INVALID: true,
};

function isKind(kind: string): kind is OperationKind {
  return Object.hasOwn(kinds, kind);
}

function isOutcome(outcome: string): outcome is OperationOutcome {
  return Object.hasOwn(outcomes, outcome);
}

export async function drillHistory(
  store: Store,
  { plan }: Lookups['drillHistory']['asked'],
): Promise<Lookups['drillHistory']['answer']> {
  const rows = await store.backups.operations({ plan, kind: 'drill', open: false, limit: mostDrills });
  return { drills: rows.flatMap(drillOf) };
}

/** One that ended without a verdict was called off before it had one. */
function drillOf(row: BackupOperationRow): Lookups['drillHistory']['answer']['drills'] {
  const { id: operation, verdict, endedAt, measured } = row;
  if (verdict === null || endedAt === null) return [];
  const { rtoMs, rpoMs } = measured ?? { rtoMs: null, rpoMs: null };
  return [{ operation, verdict: verdict.verdict, endedAt, rtoMs, rpoMs }];
}

/** Enters an operation in the journal, once: what is launched again has the same key and says the same. */
export async function openOperation(store: Store, { operation, plan, work }: OperationInput): Promise<null> {
  const { id, parent, requester, createdAt: at } = operation;
  const entry: JournalEntry<'backup.opened'> = {
    key: 'operation/backup.opened',
    kind: 'backup.opened',
    at,
    actor: requester,
    via: 'engine',
    payload: {
      plan: plan.name,
      service: plan.service,
      keeper: parent ?? '',
      kind: work.kind,
      requester,
      work: asObject(work),
      ...(plan.scope === undefined ? {} : { scope: plan.scope }),
    },
  };
  await store.journal.append(streamOf(id), [entry]);
  return null;
}

/** It came as JSON. */
function asObject(work: OperationInput['work']): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(work));
  return json;
}
