import { electorate } from '../../../activities/lookups/electorate';
import type { ApprovalFacts } from '../../../workflows/domain/approval-candidate';
import type { Lookups } from '../../../workflows/effects';
import { publishedStore } from './published';

const documents: { readonly [key: string]: string } = {
  'Team/web': 'spec: {members: [user/anna, user/ben, user/cem, team/nested]}',
  'Team/gone': 'spec: {members: [user/cem]}',
  'Person/anna':
    'spec: {manager: user/mona, delegations: [{to: user/dan, start: 2026-01-05T09:00, end: 2026-01-06T09:00}]}',
  'Person/ben':
    'spec: {zone: Europe/Berlin, manager: user/cem, delegations: [{to: user/cem, start: 2026-01-05T09:00, end: 2026-01-06T09:00}]}',
  'Person/cem': 'spec: {active: false, manager: user/mona}',
  'Person/loop1': 'spec: {manager: user/loop2}',
  'Person/loop2': 'spec: {active: false, manager: user/loop1}',
  'Roster/shop': "spec: {zone: UTC, people: [user/cem, user/ben], start: '2026-01-05T09:00', every: P1W}",
  'Roster/nobody': "spec: {zone: UTC, people: [user/cem], start: '2026-01-05T09:00', every: P1W}",
};

const store = publishedStore(documents);

const facts: ApprovalFacts = {
  type: 'normal',
  risk: 'high',
  requester: 'user/rita',
  runbook: 'upgrade',
  owner: 'team/web',
  items: ['host/web1'],
  inputs: {},
  labels: { approver: 'user/eve' },
};

function ask(
  candidates: readonly string[],
  over: Partial<Lookups['electorate']['asked']> = {},
): Promise<Lookups['electorate']['answer']> {
  const slots = [{ id: 's', candidates, quorum: { mode: 'any' } as const }];
  return electorate(store, { slots, people: [], facts, at: Date.parse('2026-01-06T00:00:00Z'), ...over });
}

test.each<[string, readonly string[], readonly string[]]>([
  ['a person', ['user/eve'], ['user/eve']],
  ['R-APPR-4: nobody who has left', ['user/cem', 'user/eve'], ['user/eve']],
  ['the active members of a team, once each', ['user/ben', 'team/web'], ['user/ben', 'user/anna']],
  ['whoever is on call and has not left', ['on-call/shop'], ['user/ben']],
  ['what an expression gives', ["${{ facts.risk == 'high' ? facts.owner : 'user/eve' }}"], ['user/anna', 'user/ben']],
  ['a list that an expression gives', ['${{ [facts.labels.approver, facts.requester] }}'], ['user/eve', 'user/rita']],
])('electorate() resolves %s', async (_name, candidates, people) => {
  expect(await ask(candidates)).toMatchObject({ slots: { s: people }, problems: [] });
});

test.each([
  ['a team that is not published', 'team/none', '"team/none" is not published'],
  ['a roster that is not published', 'on-call/none', '"on-call/none" is not published'],
  ['a roster on which nobody is left', 'on-call/nobody', '"on-call/nobody" has nobody on call'],
  ['an expression that fails', '${{ string(toInt(facts.risk)) }}', 'Cannot evaluate'],
  ['an expression that gives no principal', '${{ facts.risk }}', 'Cannot ask "high"'],
])('electorate() says why nobody is found for %s', async (_name, candidate, problem) => {
  const found = await ask([candidate]);

  expect(found.slots).toEqual({ s: [] });
  expect(found.problems).toEqual([expect.stringContaining(problem)]);
});

test('R-APPR-3: delegations come with their dates in the zone of the person, and never to somebody who has left', async () => {
  const { delegations } = await ask(['team/web']);

  expect(delegations).toEqual([
    {
      from: 'user/anna',
      to: 'user/dan',
      start: Date.parse('2026-01-05T09:00:00Z'),
      end: Date.parse('2026-01-06T09:00:00Z'),
    },
  ]);
});

test('R-APPR-7: the manager of somebody is the next one above who has not left', async () => {
  const { managers } = await ask(['team/web', 'user/loop1']);

  expect(managers).toEqual({ 'user/anna': 'user/mona', 'user/ben': 'user/mona' });
});

test('R-APPR-4: whoever is asked about is told of when they have left, though no candidate names them', async () => {
  expect(await ask(['user/eve'], { people: ['user/cem', 'user/anna'] })).toMatchObject({
    inactive: ['user/cem'],
    slots: { s: ['user/eve'] },
  });
});
