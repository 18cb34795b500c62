import fc from 'fast-check';

import { electorateMoved, startDesk } from '../../../workflows/approvals/desk';
import { answerDesk, validateDeskAnswer } from '../../../workflows/approvals/desk-answer';
import { level, request, rule } from '../domain/approval-given';
import { board, DeskStage, hourMs } from './desk-given';

const ever = { start: -hourMs, end: 1_000 * hourMs };
let stage: DeskStage;

beforeEach(() => {
  stage = new DeskStage();
});

// D9
test('a vote is in the journal before it counts', async () => {
  const desk = await stage.open();
  const countedThen: number[] = [];
  stage.onFlush = () => countedThen.push(desk.approval.votes.length);

  const result = await stage.answer(desk, 'anna', { via: 'mail' });

  expect(result).toEqual({ accepted: true, decided: false, choice: null, recorded: 'approve' });
  expect(countedThen).toEqual([0, 1]);
  const cast = stage.journal.findIndex(({ kind }) => kind === 'vote.cast');
  const counted = stage.journal.findIndex(({ payload }) => JSON.stringify(payload).includes('approval.vote-cast'));
  expect(cast).toBeLessThan(counted);
  expect(stage.journal[cast]).toMatchObject({ actor: 'user/anna', via: 'mail' });
});

test('a vote whose request was decided while it was on its way is refused, and that is journaled', async () => {
  const desk = await stage.open();
  await stage.answer(desk, 'anna');
  const late = stage.answerOf(desk, 'cem');
  let isOvertaken = false;
  stage.onFlush = async () => {
    if (isOvertaken) return;
    isOvertaken = true;
    await stage.answer(desk, 'ben:reject');
  };

  const result = await answerDesk(desk, late, stage.context());

  expect(result).toMatchObject({ accepted: false, code: 'TASK_CLOSED' });
  expect(desk.approval.phase).toMatchObject({ name: 'rejected', by: ['user/ben'] });
  // What has been journaled and did not count has a refusal beside it.
  expect(stage.payloads('vote.cast')).toHaveLength(3);
  expect(stage.payloads('task.refused')).toMatchObject([{ answer: { id: late.id } }]);
});

describe('delegates', () => {
  beforeEach(() => {
    stage.people.slots = { board: 'anna ben' };
    stage.people.delegations = [{ from: 'user/anna', to: 'user/dan', ...ever }];
  });

  test('R-APPR-3: the vote of a delegate counts as the delegator’s, also when the delegate does not say whose it is', async () => {
    const desk = await stage.open();

    await stage.answer(desk, 'dan');
    await stage.answer(desk, 'ben');

    expect(desk.approval.phase).toMatchObject({ name: 'approved', by: ['user/anna', 'user/ben'] });
    expect(stage.payloads('vote.cast')[0]).toMatchObject({ actor: 'user/dan', onBehalfOf: 'user/anna' });
  });

  test('R-APPR-3: one person is one vote, own and delegated together', async () => {
    stage.people.delegations = [{ from: 'user/anna', to: 'user/ben', ...ever }];
    const desk = await stage.open();

    await stage.answer(desk, 'ben>anna');
    const own = await stage.answer(desk, 'ben');

    expect(own).toMatchObject({ accepted: false, code: 'ALREADY_VOTED' });
  });

  test('R-APPR-3: who stands in for two says for whom', async () => {
    stage.people.delegations.push({ from: 'user/ben', to: 'user/dan', ...ever });
    const desk = await stage.open();

    const unclear = await stage.answer(desk, 'dan');
    const clear = await stage.answer(desk, 'dan>ben');

    expect([unclear, clear]).toMatchObject([{ code: 'WHOSE_VOTE' }, { accepted: true }]);
  });

  test('R-APPR-3: a delegate who is the requester is passed over, and the next one is asked', async () => {
    stage.people.delegations = [
      { from: 'user/anna', to: 'user/rita', ...ever },
      { from: 'user/anna', to: 'user/ivan', ...ever },
      { from: 'user/anna', to: 'user/dan', ...ever },
    ];
    const desk = await stage.open();

    const refused = await stage.answer(desk, 'rita>anna');

    expect(stage.payloads('task.asked')[0]?.people).toContainEqual({ person: 'user/anna', actor: 'user/dan' });
    expect(refused).toMatchObject({ code: 'DUTIES_NOT_SEPARATE' });
  });

  test('a delegation holds within its dates only', async () => {
    stage.people.delegations = [{ from: 'user/anna', to: 'user/dan', start: hourMs, end: 2 * hourMs }];
    const desk = await stage.open();

    expect(await stage.answer(desk, 'dan>anna')).toMatchObject({ code: 'NOT_DELEGATED' });
  });
});

test.each([
  ['the requester', 'rita', 'DUTIES_NOT_SEPARATE'],
  ['the implementer, above low risk', 'ivan', 'DUTIES_NOT_SEPARATE'],
  ['somebody who is not asked', 'mallory', 'NOT_ELIGIBLE'],
])('R-SOD-1: the vote of %s is refused whatever channel it came through', async (_name, who, code) => {
  stage.people.slots = { board: 'anna ben cem dora rita ivan' };
  const desk = await stage.open();

  const results = [];
  for (const via of ['cli', 'mail', 'chat']) results.push(await stage.answer(desk, who, { via }));

  expect(results.map((result) => !result.accepted && result.code)).toEqual([code, code, code]);
  expect(stage.payloads('task.refused')).toHaveLength(3);
  expect(stage.payloads('vote.cast')).toEqual([]);
});

test('R-SOD-1: only where the rule of a run says so by name may the requester approve', async () => {
  stage.people.slots = { board: 'rita ben' };
  const levels = [level('board', { mode: 'n', n: 2 })];
  const own = request(levels, { requester: 'user/rita', rule: rule(levels, { excludeRequester: false }) });
  const desk = await stage.open({ request: own });

  await stage.answer(desk, 'rita');
  await stage.answer(desk, 'ben');

  expect(desk.approval.phase.name).toBe('approved');
});

test('R-APPR-11: the same answer twice changes nothing and is told what it was used for; in other hands it is refused', async () => {
  const desk = await stage.open();
  const vote = stage.answerOf(desk, 'anna', { id: 'token-1' });
  const before = await answerDesk(desk, vote, stage.context());
  const entries = stage.journal.length;

  const again = await answerDesk(desk, { ...vote, choice: 'reject' }, stage.context());
  const forwarded = await answerDesk(desk, { ...vote, actor: 'user/ben' }, stage.context());
  await stage.answer(desk, 'ben');
  const afterwards = await answerDesk(desk, vote, stage.context());

  expect([before, again]).toEqual([
    { accepted: true, decided: false, choice: null, recorded: 'approve' },
    { accepted: true, decided: false, choice: null, recorded: 'approve' },
  ]);
  expect(stage.journal[entries]).toMatchObject({ kind: 'task.refused' });
  expect(forwarded).toMatchObject({ accepted: false, code: 'TOKEN_NOT_YOURS' });
  expect(afterwards).toEqual({ accepted: true, decided: true, choice: 'approve', recorded: 'approve' });
  expect(desk.approval.votes.map(({ person }) => person)).toEqual(['user/anna', 'user/ben']);
});

test('a vote can be revoked until the start, also after it was decided: everybody of its level is asked again', async () => {
  const desk = await stage.open();
  await stage.answer(desk, 'anna');
  await stage.answer(desk, 'ben');
  const granted = desk.approval.phase.name;

  const revoked = await stage.answer(desk, 'ben:revoke', { comment: 'seen the diff again' });
  const reopened = desk.approval.phase.name;
  await stage.answer(desk, 'cem');
  await startDesk(desk, { hash: 'h1', regulariseBy: null }, stage.context());
  const late = await stage.answer(desk, 'cem:revoke');

  expect([granted, reopened, desk.approval.phase.name]).toEqual(['approved', 'pending', 'approved']);
  expect(revoked).toMatchObject({ accepted: true, recorded: 'revoke' });
  expect(late).toMatchObject({ accepted: false, code: 'ALREADY_STARTED' });
  expect(stage.tasks()).toHaveLength(2);
});

test('nobody revokes the vote of somebody else', async () => {
  const desk = await stage.open();
  await stage.answer(desk, 'anna');

  expect(validateDeskAnswer(desk, stage.answerOf(desk, 'ben:revoke'))).toMatchObject({ code: 'VOTE_NOT_FOUND' });
});

test('an abstention is a vote: it is counted, and does not approve', async () => {
  const desk = await stage.open();

  await stage.answer(desk, 'anna:abstain');
  await stage.answer(desk, 'ben');
  const again = await stage.answer(desk, 'anna');

  expect(desk.approval.phase.name).toBe('pending');
  expect(again).toMatchObject({ code: 'ALREADY_VOTED' });
});

const names = ['anna', 'ben', 'cem', 'dora', 'rita', 'ivan', 'mallory'];
const name = fc.constantFrom(...names);
const act = fc.oneof(
  fc.record({
    kind: fc.constant('vote' as const),
    who: name,
    choose: fc.constantFrom('approve', 'approve', 'approve', 'abstain', 'revoke'),
  }),
  fc.record({ kind: fc.constant('for' as const), who: name, of: name }),
  fc.record({ kind: fc.constant('leaves' as const), who: name }),
  fc.record({ kind: fc.constant('delegates' as const), who: name, to: name }),
  fc.record({ kind: fc.constant('team' as const), who: fc.subarray(names) }),
);

test('R-APPR-1, R-APPR-3, R-APPR-4, R-SOD-1: whatever the order of votes, leavers and delegations, it is never approved without `min` distinct eligible people whose votes are in the journal', async () => {
  let approved = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 14 }), fc.integer({ min: 1, max: 3 }), async (acts, min) => {
      const played = new DeskStage();
      const asked = { ...board, rule: rule([level('board', { mode: 'n', n: min })]) };
      const desk = await played.open({ request: asked });
      const { people } = played;
      for (const each of acts) {
        if (desk.approval.phase.name !== 'pending') break;
        if (each.kind === 'vote') await played.answer(desk, `${each.who}:${each.choose}`);
        if (each.kind === 'for') await played.answer(desk, `${each.who}>${each.of}`);
        if (each.kind === 'leaves') people.inactive.push(`user/${each.who}`);
        if (each.kind === 'team') people.slots['board'] = each.who.join(' ');
        if (each.kind === 'delegates')
          people.delegations.push({ from: `user/${each.who}`, to: `user/${each.to}`, ...ever });
        if (each.kind === 'leaves' && each.who > 'c') await electorateMoved(desk, played.context());
      }
      const { phase, votes } = desk.approval;
      if (phase.name !== 'approved') return;
      approved += 1;
      const journaled = new Set(played.payloads('vote.cast').map(({ id }) => id));
      const there = (people.slots['board'] ?? '').split(' ').map((who) => `user/${who}`);
      const good = votes.filter(
        ({ id, person, actor, choice }) =>
          choice === 'approve' &&
          journaled.has(id) &&
          there.includes(person) &&
          ![person, actor].some((who) => people.inactive.includes(who) || who === 'user/rita' || who === 'user/ivan'),
      );
      expect(new Set(good.flatMap(({ person, actor }) => [person, actor])).size).toBeGreaterThanOrEqual(min);
      expect(new Set(good.map(({ person }) => person)).size).toBeGreaterThanOrEqual(min);
    }),
    { numRuns: 1_500 },
  );
  expect(approved).toBeGreaterThan(100);
});
