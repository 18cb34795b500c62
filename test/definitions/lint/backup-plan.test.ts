import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';
import { referenceProblems } from '../../../definitions/references';
import { contractText, mutatingProvider, planText, providerText, surroundings } from '../backup-documents';
import { readMarks } from '../documents';

const hook = `apiVersion: mainstay/v1
kind: Runbook
metadata: {name: freeze, version: 1.0.0, owner: team/ops}
spec:
  implements: backup/hook@1
  inputs: {host: {type: host}, service: {type: string}, label: {type: string}, pause: {type: integer, required: false}}
  steps: []
`;

const known = [
  contractText,
  surroundings,
  hook,
  mutatingProvider('fake', ['flipped-bytes', 'truncated-file']),
  providerText('plain'),
  providerText('half', ['preflight', 'backup', 'verify']),
  providerText('wrong').replace('implements: backup/list@1', 'implements: backup/verify@1'),
].join('\n---\n');
const proven = 'identity: {hostName: web1}';
const shelf = loadText('known.yaml', known);

function told(text: string): readonly unknown[] {
  const { documents, problems } = loadText('sample.yaml', text);
  const tiers = [documents, shelf.documents];
  const references = documents.flatMap((document) => referenceProblems(document, { tiers, isBeside: () => false }));
  return [...problems, ...lintDocuments(documents), ...references].map(({ code, line, column }) => [
    code,
    line,
    column,
  ]);
}

test('what the examples here stand on is sound', () => {
  expect(shelf.problems).toEqual([]);
});

test.each([
  ['the least plan', planText()],
  [
    'a plan with everything',
    planText(
      'source: [/srv/shop, /etc/shop]',
      'with: {pause: 5}',
      "repositories: {primary: {location: /backup, password: 'vault:backup#shop'}, offsite: {location: 'sftp:far:/backup', password: 'env:FAR'}}",
      'backups:',
      "  - {id: nightly, kind: incremental, schedule: {cron: '30 2 * * 1-5'}, missed: run-all}",
      '  - {id: weekly, schedule: {rrule: FREQ=WEEKLY;BYDAY=SU, start: 2026-01-04T01:00}, missed: skip}',
      '  - {id: often, schedule: {every: 1m}}',
      'zone: Europe/Berlin',
      'quiesce: {before: freeze, after: freeze}',
      'success: {trend: 50}',
      "verify: {readPercent: 10, deep: {schedule: {cron: '0 12 1 * *'}}}",
      'retention: {algorithm: cascading, daily: 14, within: P2D, fullOlderThan: P30D, grace: 24h}',
      'drill:',
      "  schedule: {cron: '0 5 * * mon'}",
      '  select: random',
      '  ages: {from: 1, to: 60}',
      '  host: drill1',
      '  identity: {hostName: drill1}',
      '  mutations: [stale-backup, flipped-bytes]',
      '  maxAge: P30D',
      'objectives: {rpo: 26h, rto: 1h}',
      'watch: {every: 10m, minFree: 1000, maxClockSkew: 1m, maxLag: 5m}',
      'restore: {approvers: [team/ops]}',
      'holds: {approvers: [user/anna]}',
      'labels: {tier: critical}',
    ),
  ],
  ['a drill on the host itself, which proves its identity, too', planText('drill: {identity: {marker: /etc/shop}}')],
  [
    'an engine mutation of a provider that can do none',
    planText('provider: plain', `drill: {${proven}, mutations: [stale-backup]}`),
  ],
])('check has nothing to say of %s', (_what, text) => {
  expect(told(text)).toEqual([]);
});

const scheduled = (schedule: string): string => planText(`backups: [{id: nightly, schedule: ${schedule}}]`);

test.each([
  [
    'a plan without an owner',
    planText().replace('metadata: {name: sample, owner: team/ops}', '§metadata: {name: sample}'),
    'MISSING_OWNER',
  ],
  ['an unknown team that owns it', planText().replace('owner: team/ops', 'owner: §team/nobody'), 'UNKNOWN_REFERENCE'],
  ['an unknown provider', planText('provider: §fakee'), 'UNKNOWN_REFERENCE'],
  ['a provider without the needed roles', planText('provider: §half'), 'PROVIDER_INCOMPLETE'],
  ['a provider of which a role keeps another contract', planText('provider: §wrong'), 'PROVIDER_INCOMPLETE'],
  [
    'an offsite repository of a provider that cannot copy',
    planText('provider: plain', 'repositories: {primary: {location: /a}, §offsite: {location: /b}}'),
    'PROVIDER_INCOMPLETE',
  ],
  ['an unknown inventory', planText('inventory: §labb'), 'UNKNOWN_REFERENCE'],
  ['a host that the inventory does not have', planText('host: §web2'), 'UNKNOWN_HOST'],
  [
    'a drill host that the inventory does not have',
    planText('drill: {host: §drill2, identity: {hostName: x}}'),
    'UNKNOWN_HOST',
  ],
  ['a cron line of six fields', scheduled("{cron: §'0 30 2 * * 1'}"), 'CRON_INVALID'],
  ['a cron line that restricts both kinds of days', scheduled("{cron: §'30 2 1 * 1'}"), 'CRON_INVALID'],
  ['a cron line for a day that never comes', scheduled("{cron: §'30 2 31 2,4 *'}"), 'CRON_INVALID'],
  ['a rule that is none', scheduled('{rrule: §FREQ=HOURLY, start: 2026-01-01T02:00}'), 'INVALID_RRULE'],
  ['a start with a zone', scheduled("{rrule: FREQ=DAILY, start: §'2026-01-01T02:00:00Z'}"), 'INVALID_VALUE'],
  ['a schedule below a minute', scheduled('{every: §30s}'), 'INVALID_VALUE'],
  ['an unknown zone', planText('zone: §Europe/Berlinn'), 'UNKNOWN_ZONE'],
  [
    'a password in clear text',
    planText('repositories: {primary: {location: /a, password: §hunter2}}'),
    'INVALID_SECRET_REFERENCE',
  ],
  ['two backups of one id', planText('backups: [{id: a}, {id: §a}]'), 'BACKUP_PLAN_INVALID'],
  ['a backup by the name of drills', planText('backups: [{id: §drill}]'), 'BACKUP_PLAN_INVALID'],
  ['a policy for slots that never come', planText('backups: [{id: a, §missed: skip}]'), 'BACKUP_PLAN_INVALID'],
  [
    'ages in the wrong order',
    planText(`drill: {${proven}, select: random, ages: §{from: 30, to: 30}}`),
    'BACKUP_PLAN_INVALID',
  ],
  ['ages beyond the default', planText(`drill: {${proven}, select: random, ages: §{from: 31}}`), 'BACKUP_PLAN_INVALID'],
  [
    'ages of the latest',
    planText(`drill: {${proven}, select: latest, §ages: {from: 1, to: 2}}`),
    'BACKUP_PLAN_INVALID',
  ],
  ['an unknown mutation', planText(`drill: {${proven}, mutations: [§flipped-byte]}`), 'INVALID_VALUE'],
  [
    'a mutation of a provider that can do none',
    planText('provider: plain', `drill: {${proven}, mutations: [§flipped-bytes]}`),
    'INVALID_VALUE',
  ],
  [
    'a mutation that stands twice',
    planText(`drill: {${proven}, mutations: [stale-backup, §stale-backup]}`),
    'BACKUP_PLAN_INVALID',
  ],
  ['an unknown hook', planText('quiesce: {before: §freez}'), 'UNKNOWN_REFERENCE'],
  ['a hook that is something else', planText('quiesce: {after: §backup/fake/list}'), 'CONTRACT_UNMET'],
  [
    'a length of time that an expression would have to tell',
    planText("objectives: {rpo: §'${{ 1 }}'}"),
    'BACKUP_PLAN_INVALID',
  ],
  ['an unknown input', planText('with: {§pauze: 5}'), 'UNKNOWN_INPUT'],
  ['an input that the engine gives', planText('with: {§repository: /x}'), 'UNKNOWN_INPUT'],
  ['a further input of the wrong type', planText('quiesce: {before: freeze}', 'with: {pause: §long}'), 'INVALID_INPUT'],
  ['an expression that nobody evaluates', planText("source: [§'${{ host.name }}']"), 'BACKUP_PLAN_INVALID'],
  [
    'an offsite repository that is the primary one',
    planText('repositories: {primary: {location: /a}, offsite: {location: §/a}}'),
    'BACKUP_PLAN_INVALID',
  ],
  ['R-DRILL-1: a drill elsewhere without an identity', planText('§drill: {host: drill1}'), 'BACKUP_PLAN_INVALID'],
  ['R-DRILL-1: a drill on the host of the plan without an identity', planText('§drill: {}'), 'BACKUP_PLAN_INVALID'],
  [
    'R-DRILL-1: a drill with an empty identity',
    planText("§drill: {host: drill1, identity: {hostName: ''}}"),
    'BACKUP_PLAN_INVALID',
  ],
  ['a drill in a folder that is none', planText(`drill: {${proven}, directory: §places}`), 'BACKUP_PLAN_INVALID'],
])('check tells of %s, with line and column', (_what, marked, code) => {
  const { plain, places } = readMarks(marked);

  expect(told(plain)).toEqual(places.map(([line, column]) => [code, line, column]));
});

test('a password in clear text is not repeated', () => {
  const text = planText('repositories: {primary: {location: /a, password: hunter2}}');

  expect(JSON.stringify(lintDocuments(loadText('sample.yaml', text).documents))).not.toContain('hunter2');
});

test('a cron line that restricts both kinds of days is told how to say it instead', () => {
  const text = scheduled("{cron: '30 2 1 * 1'}");

  expect(lintDocuments(loadText('sample.yaml', text).documents).map(({ message }) => message)).toEqual([
    'Cannot use the cron line "30 2 1 * 1": the day of the month and the day of the week are both restricted, and programs disagree on what that means; write two entries, or an rrule such as FREQ=MONTHLY;BYDAY=2TU',
  ]);
});
