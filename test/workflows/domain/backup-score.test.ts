import { scoreCard } from '../../../workflows/domain/backup-score';
import { hourMs, minuteMs } from '../../../workflows/domain/duration';
import type { ScoreFacts, ScoredDrill } from '../../../workflows/domain/backup-score';
import type { BackupSet } from '../../../workflows/domain/backup-set';

const dayMs = 24 * hourMs;
const nowMs = 200 * dayMs;

function set(id: string, ageMs: number, over: Partial<BackupSet> = {}): BackupSet {
  const atMs = nowMs - ageMs;
  return {
    id,
    setId: `tool-${id}`,
    atMs,
    kind: 'full',
    parent: '',
    sizeBytes: 1,
    owned: true,
    levels: { V0: atMs, V1: atMs },
    broken: '',
    holds: [],
    pins: [],
    offsite: true,
    expiring: false,
    ...over,
  };
}

function drill(id: string, ageMs: number, over: Partial<ScoredDrill> = {}): ScoredDrill {
  return { id, verdict: 'PASS', endedAtMs: nowMs - ageMs, recoveryTimeMs: minuteMs, recoveryPointMs: 1000, ...over };
}

const hold = { name: 'audit', kind: 'legal', untilMs: null, by: 'ada', reason: 'case 7' } as const;

const well: ScoreFacts = {
  service: 'shop',
  sets: [
    set('b1', 3 * hourMs, { levels: { V0: 1, V1: 2, V4: 3 }, holds: [hold] }),
    set('b3', hourMs),
    set('b2', 2 * hourMs),
  ],
  drills: [drill('d1', 9 * dayMs), drill('d2', 2 * dayMs)],
  objectives: { rpoMs: 2 * hourMs, rtoMs: 5 * minuteMs },
  offsite: true,
  maxDrillAgeMs: 90 * dayMs,
  alarms: {},
};

test('R-RPO-2, R-RTO-1: the card of a service for which all is well', () => {
  const card = scoreCard(well, nowMs);

  expect(card).toMatchObject({
    service: 'shop',
    lastBackup: { id: 'b3', ageMs: hourMs, level: 'V1' },
    lastVerified: { id: 'b3' },
    lastProven: { id: 'b1', ageMs: 3 * hourMs, level: 'V4' },
    risk: { kind: 'known', id: 'b3', riskMs: hourMs },
    lastDrill: { id: 'd2', verdict: 'PASS', ageMs: 2 * dayMs },
    lastPassAtMs: nowMs - 2 * dayMs,
    recoveryTime: { count: 2, lastMs: minuteMs, missed: 0 },
    recoveryPoint: { count: 2, lastMs: 1000 },
    holds: [{ set: 'b1', name: 'audit' }],
    broken: [],
    findings: [],
  });
});

test.each<[string, Partial<ScoreFacts>, readonly string[]]>([
  [
    'R-RPO-2: what could be lost is more than the objective',
    { sets: [set('b1', 2 * hourMs + 1)] },
    ['what was written in the last 2 h could be lost, the objective is 2 h'],
  ],
  [
    'R-RPO-2: the backups are all at one place',
    { sets: [set('b1', hourMs, { offsite: false })] },
    ['no good backup is where it should be'],
  ],
  [
    'R-DRILL-5: the last drill failed',
    { drills: [drill('d1', 2 * dayMs), drill('d2', dayMs, { verdict: 'FAIL', recoveryTimeMs: null })] },
    ['the last drill is FAIL'],
  ],
  [
    'R-DR-3: the last drill that passed is old',
    { drills: [drill('d1', 91 * dayMs)] },
    ['the newest passed restore drill of "shop" is 91 d old, 90 d are allowed'],
  ],
  ['R-DR-3: no drill ever passed', { drills: [] }, ['no restore drill of "shop" ever passed']],
  [
    'R-RTO-1: the last drill took too long',
    { drills: [drill('d1', dayMs, { recoveryTimeMs: 6 * minuteMs })] },
    ['the recovery time of the last drill was 6 min, the objective is 5 min'],
  ],
  [
    'R-RPO-1: the last drill lost too much',
    { drills: [drill('d1', dayMs, { recoveryPointMs: 3 * hourMs })] },
    ['the recovery point of the last drill was 3 h, the objective is 2 h'],
  ],
  [
    'R-BKP-4: there is an alarm',
    { alarms: { clock: 'the clock of the host is 6 min ahead' } },
    ['the clock of the host is 6 min ahead'],
  ],
])('%s', (_what, over, findings) => {
  expect(scoreCard({ ...well, ...over }, nowMs).findings).toEqual(findings);
});

test('R-RTO-1, R-RPO-1: what equals its objective is met, and without objectives nothing is missed', () => {
  const objectives = { rpoMs: hourMs, rtoMs: minuteMs };
  const drills = [drill('d1', dayMs, { recoveryPointMs: hourMs })];

  expect(scoreCard({ ...well, drills, objectives }, nowMs).findings).toEqual([]);
  expect(scoreCard({ ...well, objectives: { rpoMs: null, rtoMs: null } }, nowMs).findings).toEqual([]);
});

test('R-DRILL-5: a drill that could not start is told, and measures nothing', () => {
  const drills = [drill('d1', 2 * dayMs), drill('d2', dayMs, { verdict: 'BLOCKED', recoveryTimeMs: null })];

  const card = scoreCard({ ...well, drills }, nowMs);

  expect(card).toMatchObject({ lastDrill: { id: 'd2', verdict: 'BLOCKED' }, recoveryTime: { count: 1, unknown: 0 } });
  expect(card.findings).toEqual(['the last drill is BLOCKED']);
});

test('R-BKP-7: broken, unverified and foreign backups are no last verified one', () => {
  const sets = [
    set('b4', 1, { owned: false }),
    set('b3', 2, { broken: 'a drill failed' }),
    set('b2', 3, { levels: { V0: 1 } }),
    set('b1', 4),
  ];

  expect(scoreCard({ ...well, sets }, nowMs)).toMatchObject({
    lastBackup: { id: 'b3' },
    lastVerified: { id: 'b1' },
    lastProven: null,
    broken: ['b3'],
  });
});

test('R-BKP-9: a hold that has ended is not on the card', () => {
  const sets = [set('b1', 1, { holds: [{ ...hold, kind: 'plain', untilMs: nowMs }] })];

  expect(scoreCard({ ...well, sets }, nowMs).holds).toEqual([]);
});
