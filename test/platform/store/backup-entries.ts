import type { JournalEntry, JournalKind, JournalPayloads } from '../../../workflows/domain/journal';
import { entry } from './entries';

type BackupKind = Extract<JournalKind, `backup.${string}`>;
type Facts = { readonly [K in BackupKind]: JournalPayloads[K] };

/** Of a plan `shop` whose keeper is k1; the set is `b1`. */
const facts: Facts = {
  'backup.kept': { plan: 'shop', version: '1.0.0', service: 'shop', provider: 'restic', inForce: {} },
  'backup.opened': {
    plan: 'shop',
    service: 'shop',
    keeper: 'k1',
    kind: 'backup',
    requester: 'service/backup',
    work: { kind: 'backup' },
  },
  'backup.act': { action: 'run', accepted: true, reason: '', detail: {} },
  'backup.state': { state: 'paused', reason: 'we move' },
  'backup.missed': { run: 'daily', atMs: 1, policy: 'skip', taken: false },
  'backup.set': {
    set: 'b1',
    plan: 'shop',
    service: 'shop',
    group: 'shop',
    toolId: 'snap-1',
    kind: 'full',
    parent: '',
    atMs: 1_000,
    endedAtMs: 1_500,
    sizeBytes: 100,
    storedBytes: 10,
    digest: 'sha256:1',
    versions: { tool: '0.16', server: '' },
    repository: '/srv/backup',
    late: false,
  },
  'backup.manifest': { set: 'b1', manifest: { tree: 't1' } },
  'backup.success': { set: 'b1', failed: [] },
  'backup.level': { set: 'b1', levels: ['V0', 'V1'], atMs: 1_600, readPercent: 10 },
  'backup.replicated': { set: 'b1', location: 'sftp:away', atMs: 1_700 },
  'backup.broken': { set: 'b1', reason: 'pack 7 is damaged' },
  'backup.pinned': { sets: ['b1'], by: 'b9', pinned: true },
  'backup.expiring': {
    plan: 'shop',
    sets: ['b1'],
    explained: [{ set: 'b1', keep: false, reasons: ['goes: no rule keeps it'] }],
    notBeforeMs: 2_000,
    notAfterMs: 3_000,
  },
  'backup.pruned': { sets: ['b1'], freedBytes: 5, intact: true },
  'backup.held': { set: 'b1', name: 'audit', kind: 'legal', untilMs: null, reason: 'audit 2026' },
  'backup.released': { set: 'b1', name: 'audit', reason: 'over' },
  'backup.alarm': { plan: 'shop', alarm: 'rpo', active: true, text: 'no good backup for 26 h' },
  'backup.step': { what: 'opened', startedAt: 1_000, detail: {} },
  'backup.asserted': { set: 'b1', mutation: '', results: [] },
  'backup.measured': { set: 'b1', times: {}, rtoMs: 60_000, rpoMs: 1_000, reported: 'RTO achieved' },
  'backup.verdict': { plan: 'shop', service: 'shop', set: 'b1', verdict: 'PASS', at: '', reason: '', evidence: {} },
  'backup.ended': { kind: 'backup', outcome: 'succeeded', reason: '', set: 'b1', alarms: {}, stateDigest: 'd1' },
};

/** An entry with every field filled in; a test names only what it is about. */
export function backupFact<K extends BackupKind>(
  kind: K,
  payload: Partial<JournalPayloads[K]> = {},
  at = 1_000,
): JournalEntry<K> {
  const key = `${kind}@${at}/${JSON.stringify(payload)}`;
  const whole: JournalPayloads[K] = JSON.parse(JSON.stringify({ ...facts[kind], ...payload }));
  return entry(kind, whole, { key, at });
}
