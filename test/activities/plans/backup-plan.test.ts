import { backupPlan } from '../../../activities/plans/backup-plan';
import { PublishedShelf } from '../../../activities/plans/published-shelf';
import type { PlanInForce } from '../../../workflows/backup/messages';
import { loadText } from '../../../definitions/load';
import { neededRoles } from '../../../definitions/backup-provider';
import { planText } from '../../definitions/backup-documents';
import { useStore } from '../changes/bed';
import { publishPlan } from './backup-bed';

const store = useStore();

async function inForce(...lines: readonly string[]): Promise<PlanInForce> {
  const shelf = await publishPlan(store(), ...lines);
  const answer = await backupPlan(shelf, { plan: 'sample' });
  if (!('inForce' in answer)) throw new Error(JSON.stringify(answer));
  return answer.inForce;
}

const hourMs = 3_600_000;

test('a plan that says nothing gets every default', async () => {
  const { digest, ...plan } = await inForce();

  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(plan).toEqual({
    name: 'sample',
    version: '0.0.1',
    owner: 'team/ops',
    scope: { service: ['shop'] },
    service: 'shop',
    provider: 'fake',
    roles: [...neededRoles],
    inventory: 'lab',
    host: 'web1',
    source: ['/srv/shop'],
    with: {},
    repositories: { primary: { location: '/backup', password: null }, offsite: null },
    backups: [{ id: 'nightly', kind: 'full', scheduled: false, missed: 'run-once-late' }],
    zone: 'UTC',
    quiesce: { before: null, after: null },
    trendPercent: 30,
    readPercent: 100,
    deepVerify: null,
    prunes: false,
    minimumRedundancy: 1,
    graceMs: 24 * hourMs,
    drill: null,
    objectives: { rpoMs: null, rtoMs: null },
    watch: { everyMs: hourMs / 4, minFreeBytes: 268_435_456, maxClockSkewMs: 300_000, maxLagMs: 900_000 },
    approvers: { restore: ['team/ops'], holds: ['team/ops'] },
  });
});

test('a drill that says nothing gets every default', async () => {
  const { drill } = await inForce('drill: {}');

  expect(drill).toEqual({
    scheduled: false,
    missed: 'run-once-late',
    select: { how: 'latest' },
    host: 'web1',
    inventory: 'lab',
    directory: '/var/tmp/mainstay',
    identity: { hostName: 'web1', marker: '', system: '' },
    isolate: true,
    stableForMs: 10_000,
    mutations: [],
    maxAgeMs: null,
  });
});

test('what a plan says goes before every default', async () => {
  const plan = await inForce(
    "backups: [{id: nightly, kind: incremental, schedule: {cron: '30 2 * * *'}, missed: run-all}]",
    'retention: {within: P1D, grace: 1h}',
    'drill: {select: random, ages: {from: 3}, maxAge: P30D, isolate: false, stableFor: 1m}',
    'objectives: {rpo: 26h, rto: 30m}',
  );

  expect(plan).toMatchObject({
    backups: [{ id: 'nightly', kind: 'incremental', scheduled: true, missed: 'run-all' }],
    prunes: true,
    graceMs: hourMs,
    drill: {
      select: { how: 'random', fromDays: 3, toDays: 30 },
      maxAgeMs: 720 * hourMs,
      isolate: false,
      stableForMs: 60_000,
    },
    objectives: { rpoMs: 26 * hourMs, rtoMs: hourMs / 2 },
  });
});

test.each(['minimumRedundancy: 5', 'algorithm: cascading', 'grace: 1h', 'daily: 0'])(
  'R-BKP-3: a retention of nothing but %s prunes nothing',
  async (line) => {
    expect(await inForce(`retention: {${line}}`)).toMatchObject({ prunes: false });
  },
);

test('a plan that nobody published is gone', async () => {
  expect(await backupPlan(new PublishedShelf(store()), { plan: 'sample' })).toEqual({ gone: true });
});

test('a plan whose provider has lost a role is told, not kept', async () => {
  const { documents } = loadText('plan.yaml', planText('provider: lost'));
  const shelf = { documents: () => Promise.resolve({ documents, files: new Map() }), shipped: [] };

  const answer = await backupPlan(shelf, { plan: 'sample' });

  expect('problems' in answer && answer.problems.map(({ code }) => code)).toEqual(['PROVIDER_INCOMPLETE']);
});
