import { openApproval, personLeft } from '../../../workflows/domain/approval';
import { reviseRequest, withdrawRequest } from '../../../workflows/domain/approval-revision';
import { startApproved } from '../../../workflows/domain/approval-course';
import {
  codeOf,
  done,
  electorate,
  eventsOf,
  hourMs,
  level,
  opened,
  request,
  rule,
  vote,
  voted,
} from './approval-given';

import type { ApprovalRequest } from '../../../workflows/domain/approval-state';

const web = electorate({ web: 'anna ben', cab: 'carl' });
const asked = request([level('web'), level('cab')]);
const difference = { hosts: { added: ['web4'] } };
const at = 2 * hourMs;

test.each<[string, Partial<ApprovalRequest>]>([
  ['another hash', { hash: 'h2' }],
  ['a higher risk', { risk: 'high' }],
  ['another window', { window: { start: 5 * hourMs, end: 9 * hourMs } }],
  ['another implementer', { implementers: ['anna'] }],
  ['another rule', { rule: rule([level('web')]) }],
])('R-APPR-9: %s voids every vote and asks anew', (_name, over) => {
  const state = voted(opened(asked, web), 'anna', { roster: web });
  const revised = reviseRequest(state, {
    request: { ...asked, ...over },
    difference,
    at,
    respondBy: null,
    electorate: web,
  });

  expect(done(revised)).toMatchObject({ votes: [], phase: { name: 'pending', level: 0 }, openedAt: at });
});

test('R-APPR-9: approvers are shown the difference, and old tokens are of no use', () => {
  const state = voted(opened(asked, web), 'anna carl', { roster: web });
  const revision = { request: { ...asked, hash: 'h2' }, difference, at, respondBy: null, electorate: web };
  const revised = reviseRequest(state, revision);
  const voided = { at, kind: 'approval.vote-voided', reason: 'changed' };

  expect(eventsOf(revised)).toEqual([
    { at, kind: 'approval.changed', from: 'h1', hash: 'h2', difference },
    { ...voided, vote: `anna-${hourMs}`, person: 'anna' },
    { ...voided, vote: `carl-${hourMs}`, person: 'carl' },
    { at, kind: 'approval.opened', hash: 'h2', respondBy: at + 7 * 24 * hourMs },
    { at, kind: 'approval.level-opened', level: 'web', slots: ['web'] },
  ]);
  expect(codeOf(vote(done(revised), 'ben', { roster: web, hash: 'h1' }))).toBe('PLAN_CHANGED');
});

test('R-APPR-9: an editorial change keeps the votes, in whatever order its members come', () => {
  const state = voted(opened(asked, web), 'anna', { roster: web });
  const same = { ...asked, ...Object.fromEntries(Object.entries(asked).reverse()) };
  const revised = reviseRequest(state, { request: same, difference, at, respondBy: null, electorate: web });

  expect(revised).toEqual({ accepted: true, state, events: [{ at, kind: 'approval.edited', difference }] });
});

test('R-APPR-9: a change that leaves nobody to approve is raised', () => {
  const state = voted(opened(asked, web), 'anna', { roster: web });
  const changed = { ...asked, implementers: ['carl'] };
  const revised = done(reviseRequest(state, { request: changed, difference, at, respondBy: null, electorate: web }));

  expect(revised.shortfalls).toEqual([{ kind: 'seats', slot: 'cab', min: 1, eligible: 0 }]);
});

test('R-APPR-4, R-APPR-9: who has left stays away after a material change, whatever the roster says', () => {
  const left = done(personLeft(opened(asked, web), { at: hourMs, electorate: web, person: 'anna' }));
  const revision = { request: { ...asked, hash: 'h2' }, difference, at, respondBy: null, electorate: web };

  expect(codeOf(vote(done(reviseRequest(left, revision)), 'anna', { roster: web, at }))).toBe('PERSON_LEFT');
});

test('R-APPR-9: what has started is changed no more', () => {
  const approved = voted(opened(asked, web), 'anna carl', { roster: web });
  const running = done(startApproved(approved, { at, electorate: web, hash: 'h1', regulariseBy: null }));
  const given = { difference, at, respondBy: null, electorate: web };

  expect(codeOf(reviseRequest(running, { ...given, request: { ...asked, hash: 'h2' } }))).toBe('ALREADY_STARTED');
  expect(codeOf(reviseRequest(running, { ...given, request: asked }))).toBe(null);
  expect(codeOf(reviseRequest(running, { ...given, request: { ...asked, id: 'c2' } }))).toBe('OTHER_REQUEST');
  expect(codeOf(withdrawRequest(running, { at, reason: 'draft' }))).toBe('ALREADY_STARTED');
});

test('R-APPR-10: back to draft cancels the slots that are still asked', () => {
  const first = voted(opened(asked, web), 'anna', { roster: web });
  const gone = withdrawRequest(first, { at, reason: 'back to draft' });

  expect(eventsOf(gone)).toEqual([{ at, kind: 'approval.withdrawn', slots: ['cab'], reason: 'back to draft' }]);
  expect(codeOf(vote(done(gone), 'carl', { roster: web }))).toBe('APPROVAL_CLOSED');
  expect(codeOf(withdrawRequest(done(gone), { at, reason: 'again' }))).toBe('APPROVAL_CLOSED');
});

const levels = [level('web')];
const consent = rule(levels, { silenceMeansConsent: true });
const dayMs = 24 * hourMs;

test.each<[string, Partial<ApprovalRequest>, number | null, string | null]>([
  ['seven days without saying', {}, null, null],
  ['thirty days', {}, 30 * dayMs, null],
  ['thirty calendar days in the autumn', {}, 30 * dayMs + hourMs, null],
  ['longer', {}, 30 * dayMs + hourMs + 1, 'RESPONSE_TOO_LONG'],
  ['a deadline that has passed', {}, 0, 'RESPONSE_DUE'],
  ['a window that has passed', { window: { start: -2, end: 0 } }, null, 'WINDOW_OVER'],
  ['silence at low risk', { rule: consent, risk: 'low' }, null, null],
  ['silence at moderate risk', { rule: consent, risk: 'moderate' }, null, 'SILENCE_FORBIDDEN'],
  ['silence at high risk', { rule: consent, risk: 'high' }, null, 'SILENCE_FORBIDDEN'],
  ['silence for privileged access', { rule: consent, risk: 'low', privileged: true }, null, 'SILENCE_FORBIDDEN'],
  ['silence for publishing', { rule: consent, risk: 'low', authors: ['anna'] }, null, 'SILENCE_FORBIDDEN'],
  ['a rule without levels', { rule: rule([]) }, null, 'RULE_INVALID'],
])('R-APPR-6: to ask with %s', (_name, over, respondBy, code) => {
  expect(codeOf(openApproval(request(levels, over), { at: 0, respondBy, electorate: web }))).toBe(code);
});

test('R-APPR-8: nobody is asked longer than the window lasts', () => {
  const window = { start: hourMs, end: 3 * hourMs };

  expect(opened(request(levels, { window }), web).respondBy).toBe(3 * hourMs);
});
