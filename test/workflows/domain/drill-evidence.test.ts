import { missingEvidence } from '../../../workflows/domain/drill-evidence';
import type { DrillEvidence } from '../../../workflows/domain/drill-evidence';

const complete: DrillEvidence = {
  backupId: 'b0123456789ab',
  digest: 'sha256:4f',
  toolVersions: ['restic 0.14.0'],
  operator: 'person/ada',
  approver: 'plan shop@3',
  steps: [{ step: 'restore', startedAtMs: 1, endedAtMs: 2 }],
  assertions: [{ name: 'sums', level: 'V5', ok: true, detail: '' }],
  recoveryPoint: 'unknown: no heartbeat was recovered',
  recoveryTime: 'PT42S',
  targetFingerprint: 'drill-1 4f1c',
  leftovers: [],
  clauses: 'https://example.org/clauses',
};

test('R-DRILL-7: complete evidence misses nothing', () => {
  expect(missingEvidence(complete)).toEqual([]);
});

test.each<[string, Partial<DrillEvidence>]>([
  ['backup id', { backupId: '' }],
  ['digest of the backup', { digest: '' }],
  ['tool versions', { toolVersions: [] }],
  ['operator', { operator: '' }],
  ['approver', { approver: '' }],
  ['steps', { steps: [] }],
  ['start of "restore"', { steps: [{ step: 'restore', startedAtMs: null, endedAtMs: 2 }] }],
  ['end of "restore"', { steps: [{ step: 'restore', startedAtMs: 1, endedAtMs: null }] }],
  ['assertion results', { assertions: [] }],
  ['RPO', { recoveryPoint: '' }],
  ['RTO', { recoveryTime: '' }],
  ['fingerprint of the target', { targetFingerprint: '' }],
  ['proof of the teardown', { leftovers: null }],
  ['link to the clauses', { clauses: '' }],
])('R-DRILL-7: evidence without %s says so', (name, over) => {
  expect(missingEvidence({ ...complete, ...over })).toEqual([name]);
});
