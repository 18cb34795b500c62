import { eligibility } from '../../../activities/lookups/eligibility';
import { publishedStore } from './published';

const store = publishedStore({
  'Team/web': 'spec: {members: [user/anna, user/ben, user/gone]}',
  'Person/gone': 'spec: {active: false}',
  'Roster/shop': "spec: {zone: UTC, people: [user/cem, user/dan], start: '2026-01-05T09:00', every: P1W}",
});

test.each([
  { actor: 'user/ben', candidates: ['team/web'], excludeRequester: true, eligible: true },
  { actor: 'user/eve', candidates: ['user/eve'], excludeRequester: true, eligible: true },
  { actor: 'user/eve', candidates: ['team/web'], excludeRequester: true, eligible: false },
  { actor: 'user/anna', candidates: ['team/web'], excludeRequester: true, eligible: false },
  { actor: 'user/anna', candidates: ['team/web'], excludeRequester: false, eligible: true },
  { actor: 'user/ben', candidates: ['team/nobody-published'], excludeRequester: true, eligible: false },
  { actor: 'user/gone', candidates: ['team/web', 'user/gone'], excludeRequester: true, eligible: false },
  { actor: 'user/cem', candidates: ['on-call/shop'], excludeRequester: true, eligible: true },
  { actor: 'user/dan', candidates: ['on-call/shop'], excludeRequester: true, eligible: false },
  // A team does not answer: its members do.
  { actor: 'team/web', candidates: ['team/web'], excludeRequester: true, eligible: false },
  { actor: 'user/ben', candidates: [], excludeRequester: true, eligible: false },
])('R-APPR-4: eligibility() of $actor for $candidates is $eligible', async ({ eligible, ...given }) => {
  const asked = { ...given, requester: 'user/anna' };

  expect((await eligibility(store, asked, Date.parse('2026-01-06T00:00:00Z'))).eligible).toBe(eligible);
});
