import { tellAll } from '../../client/backup-timeline';
import { useStore } from '../activities/changes/bed';
import { backupFact } from '../platform/store/backup-entries';

const store = useStore();

test.each([
  [backupFact('backup.opened', { kind: 'drill' }), 'drill of shop begins, asked for by service/backup'],
  [backupFact('backup.act', { accepted: false, reason: 'no' }), 'run refused: no'],
  [backupFact('backup.missed', { atMs: 0 }), 'daily of 1970-01-01T00:00Z did not begin in time: left out (skip)'],
  [backupFact('backup.success', { failed: ['it is empty'] }), 'it failed: it is empty'],
  [backupFact('backup.success'), 'every test of success holds'],
  [backupFact('backup.broken'), 'set b1 is broken: pack 7 is damaged'],
  [backupFact('backup.expiring', { sets: [] }), 'nothing is to be deleted'],
  [backupFact('backup.pruned', { intact: false }), 'deleted b1; the repository is not intact after it'],
  [backupFact('backup.released'), 'hold "audit" on b1 is released: over'],
  [backupFact('backup.alarm', { active: false }), 'alarm rpo is over'],
  [
    backupFact('backup.asserted', { mutation: 'dropped-rows', results: [{ name: 'rows', ok: false }, { ok: true }] }),
    'does not hold on a copy with dropped-rows: rows',
  ],
  [backupFact('backup.measured', { rpoMs: null }), 'RTO 60.0 s, RPO unknown: RTO achieved'],
  [backupFact('backup.verdict', { verdict: 'FAIL', at: 'assert:rows', reason: 'r' }), 'FAIL at assert:rows: r'],
  [backupFact('backup.ended'), 'backup ended: succeeded'],
  [
    backupFact('backup.manifest', {
      manifest: {
        changedWhileRead: {
          parts: ['/srv/log', '/srv/gone'],
          files: [{ path: '/srv/log', sizeBytes: 5, modifiedAtMs: 1 }],
          fileCount: 3,
        },
      },
    }),
    'changed while read: /srv/log, /srv/gone and 2 more',
  ],
])(
  '%# tellAll() says what people want to be told, also what changed while it was read (R-BKP-13)',
  async (fact, text) => {
    await store().journal.append('run/b1', [fact]);

    expect(tellAll(await store().journal.read('run/b1')).map((told) => told.text)).toEqual([text]);
  },
);

test('tellAll() leaves out what is bookkeeping: which runbook was planned, manifests, pins', async () => {
  await store().journal.append('run/b1', [
    backupFact('backup.step', { what: 'planned' }),
    backupFact('backup.manifest'),
    backupFact('backup.pinned'),
    backupFact('backup.level', { levels: [] }),
  ]);

  expect(tellAll(await store().journal.read('run/b1'))).toEqual([]);
});
