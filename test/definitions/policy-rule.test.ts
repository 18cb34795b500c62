import { catalogue } from '../../activities/index';
import { loadText } from '../../definitions/load';
import { policyRule, respondWithin } from '../../definitions/policy-rule';
import { documentText } from './documents';

function policy(...lines: readonly string[]): Parameters<typeof policyRule>[0] {
  const { documents, problems } = loadText('sample.yaml', documentText('ApprovalPolicy', ...lines), { catalogue });
  const [document] = documents;
  if (document?.kind !== 'ApprovalPolicy') throw new Error(JSON.stringify(problems));
  return document;
}

test('policyRule() makes one level of one slot of the short form', () => {
  expect(
    policyRule(policy('approvers: [team/web, user/ben]', 'min: 2', 'rejectOn: 2', 'escalateTo: team/ops')),
  ).toEqual({
    name: 'sample',
    levels: [
      {
        id: 'approvers',
        slots: [{ id: 'approvers', candidates: ['team/web', 'user/ben'], quorum: { mode: 'n', n: 2 } }],
        rejectOn: 2,
        countsApart: false,
      },
    ],
    validForMs: null,
    leadMs: 0,
    silenceMeansConsent: false,
    excludeRequester: true,
    escalateTo: 'team/ops',
  });
});

test('policyRule() names levels and slots that have no name, and reads every quorum', () => {
  const { levels, validForMs, leadMs } = policyRule(
    policy(
      'levels:',
      '  - slots: [{candidates: [team/a]}, {id: db, candidates: [team/b], require: all}]',
      '  - {id: cab, rejectOn: 2, countsApart: true, slots: [{candidates: [team/c], require: 51%}]}',
      'validFor: PT72H',
      'lead: 24h',
    ),
  );

  expect([validForMs, leadMs]).toEqual([72 * 3_600_000, 24 * 3_600_000]);
  expect(levels).toEqual([
    {
      id: 'level1',
      slots: [
        { id: 'level1-1', candidates: ['team/a'], quorum: { mode: 'any' } },
        { id: 'db', candidates: ['team/b'], quorum: { mode: 'all' } },
      ],
      rejectOn: 1,
      countsApart: false,
    },
    {
      id: 'cab',
      slots: [{ id: 'cab', candidates: ['team/c'], quorum: { mode: 'percent', percent: 51 } }],
      rejectOn: 2,
      countsApart: true,
    },
  ]);
});

test.each([
  ['R-APPR-6: seven days when nothing is said', [], { days: 7, zone: 'UTC' }],
  [
    'calendar days in the zone of the policy',
    ['respondWithin: P2D', 'zone: Europe/Berlin'],
    { days: 2, zone: 'Europe/Berlin' },
  ],
  ['physical time', ['respondWithin: PT4H'], { ms: 4 * 3_600_000 }],
])('respondWithin() is %s', (_name, lines, due) => {
  expect(respondWithin(policy('approvers: [team/web]', ...lines))).toEqual(due);
});
