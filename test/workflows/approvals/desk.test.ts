import {
  awaitDesk,
  deskDueAt,
  electorateMoved,
  expireDesk,
  extendDesk,
  openDesk,
  reviseDesk,
  startDesk,
  tendDesk,
  withdrawDesk,
} from '../../../workflows/approvals/desk';
import { isUnregularised, mayStartWave } from '../../../workflows/domain/approval-course';
import type { ApprovalRequest } from '../../../workflows/domain/approval-state';
import { level, request, rule, slot } from '../domain/approval-given';
import { board, DeskStage, facts, hourMs, openingOf } from './desk-given';

function boardWith(over: Partial<ApprovalRequest>): ApprovalRequest {
  return { ...board, ...over };
}

const window = { start: 100 * hourMs, end: 106 * hourMs };
let stage: DeskStage;

beforeEach(() => {
  stage = new DeskStage();
});

test('R-APPR-1: levels are asked one after the other, the slots of a level at once, and each has a task of its own', async () => {
  stage.people.slots = { web: 'anna ben', db: 'cem', cab: 'dora emil' };
  const levels = [
    { ...level('teams'), slots: [slot('web'), slot('db')] },
    level('cab', { mode: 'percent', percent: 51 }),
  ];
  const desk = await stage.open({ request: request(levels, { requester: 'user/rita' }) });
  const first = stage.tasks().map(({ title, min }) => [title, min]);

  await stage.answer(desk, 'cem', { slot: 'db' });
  await stage.answer(desk, 'ben', { slot: 'web' });
  const second = stage.tasks().slice(2);
  await stage.answer(desk, 'dora', { slot: 'cab' });
  const before = desk.approval.phase.name;
  await stage.answer(desk, 'emil', { slot: 'cab' });

  expect(first).toEqual([
    ['Go on? (web)', 1],
    ['Go on? (db)', 1],
  ]);
  // 51 % of two is two.
  expect(second.map(({ title, min }) => [title, min])).toEqual([['Go on? (cab)', 2]]);
  expect(before).toBe('pending');
  expect(desk.approval.phase).toMatchObject({ by: ['user/cem', 'user/ben', 'user/dora', 'user/emil'] });
  expect(stage.payloads('task.closed').map(({ taskId, choice }) => [taskId, choice])).toEqual([
    ['c1-1', 'approve'],
    ['c1-2', 'approve'],
    ['c1-3', 'approve'],
  ]);
});

test('R-APPR-2: one rejection ends the request, and its task says why', async () => {
  const desk = await stage.open();

  await stage.answer(desk, 'anna');
  await stage.answer(desk, 'ben:reject', { comment: 'wrong week' });

  expect(desk.approval.phase).toMatchObject({ name: 'rejected', by: ['user/ben'] });
  expect(stage.payloads('task.closed')).toEqual([
    { taskId: 'c1-1', choice: 'reject', by: ['user/ben'], reason: 'answered', comment: 'wrong week' },
  ]);
});

test('R-APPR-2: a board that chose a quorum of rejections is not ended by one', async () => {
  const asked = request([level('board', { mode: 'n', n: 2 }, { rejectOn: 2 })], { requester: 'user/rita' });
  const desk = await stage.open({ request: asked });

  await stage.answer(desk, 'ben:reject');
  await stage.answer(desk, 'anna');
  await stage.answer(desk, 'cem');

  expect(desk.approval.phase.name).toBe('approved');
});

test('R-APPR-4: a leaver’s vote is void before the quorum, and whoever is newly asked is told at once', async () => {
  const desk = await stage.open();
  await stage.answer(desk, 'anna');
  stage.people.slots = { board: 'anna ben cem dora emil' };
  stage.people.inactive = ['user/anna'];

  await electorateMoved(desk, stage.context());
  const voided = desk.approval.votes;
  await stage.answer(desk, 'ben');
  const one = desk.approval.phase.name;
  await stage.answer(desk, 'emil');

  expect([voided, one, desk.approval.phase.name]).toEqual([[], 'pending', 'approved']);
  expect(stage.kinds()).toEqual(expect.arrayContaining(['person-left', 'vote-voided']));
  expect(stage.payloads('task.asked').at(1)?.added).toEqual([{ person: 'user/emil', actor: 'user/emil' }]);
});

test('R-APPR-4: a leaver is noticed within the hour when nobody says anything', async () => {
  const desk = await stage.open();
  await stage.answer(desk, 'anna');
  stage.at(5, () => (stage.people.inactive = ['user/anna']));
  stage.at(5.5, () => stage.answer(desk, 'ben'));
  stage.at(30, () => stage.answer(desk, 'cem'));

  const phase = await stage.play((here) => awaitDesk(desk, here));

  expect(phase).toMatchObject({ name: 'approved', at: 30 * hourMs, by: ['user/ben', 'user/cem'] });
});

test('R-APPR-4: the vote of somebody who left after the level had closed stands and is annotated', async () => {
  stage.people.slots = { web: 'anna', cab: 'dora' };
  const desk = await stage.open({ request: request([level('web'), level('cab')], { requester: 'user/rita' }) });
  await stage.answer(desk, 'anna');
  stage.people.inactive = ['user/anna'];

  await stage.answer(desk, 'dora');

  expect(desk.approval.phase).toMatchObject({ name: 'approved', by: ['user/anna', 'user/dora'] });
  expect(desk.approval.votes[0]).toMatchObject({ person: 'user/anna', leftAt: 0 });
});

test('R-APPR-5: a quorum that cannot be reached is refused before anybody is asked', async () => {
  stage.people.slots = { board: 'anna rita' };

  const opened = await openDesk(openingOf(), stage.context());

  expect(opened).toMatchObject({ opened: false, code: 'QUORUM_UNREACHABLE' });
  expect(stage.journal).toEqual([]);
});

test('R-APPR-5: a quorum that became impossible is said at once, and so is that it is possible again', async () => {
  const desk = await stage.open();
  stage.people.slots = { board: 'anna' };
  await electorateMoved(desk, stage.context());
  const { shortfalls } = desk.approval;
  stage.people.slots = { board: 'anna emil' };

  await electorateMoved(desk, stage.context());

  expect(shortfalls).toEqual([{ kind: 'seats', slot: 'board', min: 2, eligible: 1 }]);
  expect(stage.kinds().slice(-2)).toEqual(['unreachable', 'reachable']);
});

test('R-APPR-6: silence is no consent: after seven days the request has timed out', async () => {
  const desk = await stage.open({ onDue: 'reject' });

  const phase = await stage.play((here) => awaitDesk(desk, here));

  expect(phase).toEqual({ name: 'timed-out', at: 7 * 24 * hourMs });
  expect(stage.payloads('task.closed')).toMatchObject([{ choice: 'reject', reason: 'due', by: [] }]);
});

test('R-APPR-6: consent by silence is an opt-in, and forbidden above low risk', async () => {
  const levels = [level('board', { mode: 'n', n: 2 })];
  const silent = rule(levels, { silenceMeansConsent: true });
  const asked = request(levels, { requester: 'user/rita', risk: 'low', rule: silent });
  const desk = await stage.open({ request: asked, respondBy: 24 * hourMs });

  const phase = await stage.play((here) => awaitDesk(desk, here));
  const risky = await openDesk(openingOf({ request: { ...asked, risk: 'moderate' } }), stage.context());

  expect(phase).toMatchObject({ name: 'approved', at: 24 * hourMs, by: [] });
  expect(risky).toMatchObject({ opened: false, code: 'SILENCE_FORBIDDEN' });
});

test('R-APPR-7: reminders go out at 50, 75 and 90 percent, with the last one to the managers as well', async () => {
  stage.people.managers = { 'user/cem': 'user/maria' };
  const desk = await stage.open({ respondBy: 100 * hourMs });
  stage.at(60, () => stage.answer(desk, 'anna'));
  stage.at(95, () => stage.answer(desk, 'maria'));

  const phase = await stage.play((here) => awaitDesk(desk, here));

  const reminded = stage.journal.filter(({ payload }) => JSON.stringify(payload).includes('approval.reminded'));
  expect(reminded.map(({ at }) => at / hourMs)).toEqual([50, 75, 90]);
  expect(phase).toMatchObject({ name: 'approved', by: ['user/anna', 'user/maria'] });
  // Who has voted is not reminded.
  expect(stage.events().findLast(({ kind }) => kind === 'approval.reminded')).toMatchObject({
    people: ['user/ben', 'user/cem', 'user/dora'],
  });
  expect(stage.payloads('task.asked').at(-1)?.added).toEqual([{ person: 'user/maria', actor: 'user/maria' }]);
});

test('R-APPR-8: an approval lapses with its own validity before the start; deskDueAt() says when', async () => {
  const levels = [level('board', { mode: 'n', n: 2 })];
  const asked = request(levels, { requester: 'user/rita', window, rule: rule(levels, { validForMs: 72 * hourMs }) });
  const desk = await stage.open({ request: asked });
  await stage.answer(desk, 'anna');
  await stage.answer(desk, 'ben');
  const validUntil = desk.approval.phase;

  await stage.play(async (here) => {
    while (desk.approval.phase.name === 'approved') {
      await here.effects.waitFor(() => false, deskDueAt(desk) ?? undefined);
      await tendDesk(desk, here);
    }
  });

  expect(validUntil).toMatchObject({ name: 'approved', validUntil: 72 * hourMs });
  expect(desk.approval.phase).toEqual({ name: 'lapsed', at: 72 * hourMs });
});

test('R-APPR-8: one that ends while it is carried out lets no wave start, until it is extended', async () => {
  const desk = await stage.open({ request: boardWith({ window: { start: 0, end: 6 * hourMs } }) });
  await stage.answer(desk, 'anna');
  await stage.answer(desk, 'ben');
  await startDesk(desk, { hash: 'h1', regulariseBy: null }, stage.context());
  const before = mayStartWave(desk.approval, hourMs);

  await stage.play((here) => here.effects.sleep(6 * hourMs));
  const expired = expireDesk(desk, stage.context());
  const after = mayStartWave(desk.approval, 6 * hourMs);
  const extended = extendDesk(desk, 8 * hourMs, stage.context());

  expect([before, after, mayStartWave(desk.approval, 7 * hourMs)]).toEqual([true, false, true]);
  expect([expired, extended]).toEqual([{ accepted: true }, { accepted: true }]);
});

test('R-APPR-9: a material change voids every vote and asks anew, with the difference in what is shown', async () => {
  const desk = await stage.open({ show: { hosts: ['web1'] } });
  await stage.answer(desk, 'anna');
  const old = stage.answerOf(desk, 'ben', { planHash: 'h1' });
  const difference = { added: ['web2'] };

  const revised = await reviseDesk(
    desk,
    {
      request: boardWith({ hash: 'h2' }),
      difference,
      title: 'Go on?',
      show: { hosts: ['web1', 'web2'] },
      facts,
      respondBy: null,
    },
    stage.context(),
  );
  const late = await stage.answer(desk, 'ben', old);
  const mistaken = await stage.answer(desk, 'ben', { planHash: 'h1' });
  await stage.answer(desk, 'anna', { planHash: 'h2' });

  expect(revised).toEqual({ accepted: true });
  expect([late, mistaken]).toMatchObject([{ code: 'TASK_CLOSED' }, { code: 'PLAN_CHANGED' }]);
  expect(stage.tasks()).toMatchObject([
    { id: 'c1-1', planHash: 'h1', show: { hosts: ['web1'] } },
    { id: 'c1-2', planHash: 'h2', show: { hosts: ['web1', 'web2'], difference } },
  ]);
  expect(desk.approval.votes.map(({ person }) => person)).toEqual(['user/anna']);
  expect(desk.approval.phase.name).toBe('pending');
});

test('R-APPR-9: an editorial change keeps the votes and the tasks', async () => {
  const desk = await stage.open();
  await stage.answer(desk, 'anna');
  const revision = { request: board, difference: { title: 'Go!' }, title: 'Go!', show: {}, facts, respondBy: null };

  await reviseDesk(desk, revision, stage.context());
  await stage.answer(desk, 'ben', { taskId: 'c1-1' });

  expect(desk.approval.phase.name).toBe('approved');
  expect(stage.tasks()).toHaveLength(1);
});

test('R-APPR-9: what is started is what was approved', async () => {
  const desk = await stage.open();
  await stage.answer(desk, 'anna');
  await stage.answer(desk, 'ben');

  const other = await startDesk(desk, { hash: 'h2', regulariseBy: null }, stage.context());
  const same = await startDesk(desk, { hash: 'h1', regulariseBy: null }, stage.context());

  expect([other, same]).toMatchObject([{ accepted: false, code: 'PLAN_CHANGED' }, { accepted: true }]);
});

test('R-APPR-10: back to draft nobody is asked any more, and a vote that comes then is refused', async () => {
  stage.people.slots = { web: 'anna', db: 'ben' };
  const levels = [{ ...level('teams'), slots: [slot('web'), slot('db')] }];
  const desk = await stage.open({ request: request(levels, { requester: 'user/rita' }) });

  const withdrawn = withdrawDesk(desk, 'sent back', stage.context());
  const late = await stage.answer(desk, 'anna', { taskId: 'c1-1' });

  expect(withdrawn).toEqual({ accepted: true });
  expect(stage.payloads('task.closed').map(({ taskId, reason }) => [taskId, reason])).toEqual([
    ['c1-1', 'withdrawn'],
    ['c1-2', 'withdrawn'],
  ]);
  expect(late).toMatchObject({ accepted: false, code: 'TASK_CLOSED' });
});

test('R-APPR-12: an emergency starts on one approval; without the second within its time it is unregularised', async () => {
  const desk = await stage.open({ request: boardWith({ emergency: true }) });
  const none = await startDesk(desk, { hash: 'h1', regulariseBy: 24 * hourMs }, stage.context());
  await stage.answer(desk, 'anna');
  const started = await startDesk(desk, { hash: 'h1', regulariseBy: 24 * hourMs }, stage.context());
  stage.at(30, () => stage.answer(desk, 'ben'));

  const phase = await stage.play((here) => awaitDesk(desk, here));

  expect([none, started]).toMatchObject([{ code: 'APPROVAL_MISSING' }, { accepted: true }]);
  expect(phase.name).toBe('approved');
  expect(stage.kinds().slice(-4)).toEqual(['vote-cast', 'level-closed', 'approved', 'regularised']);
  expect(stage.events()).toContainEqual({ at: 24 * hourMs, kind: 'approval.unregularised' });
  expect(isUnregularised(desk.approval)).toBe(false);
});

test('a desk is plain JSON: entered again with it, everything goes on as if nothing had been', async () => {
  const desk = await stage.open({ respondBy: 100 * hourMs });
  await stage.answer(desk, 'anna');
  const stored: typeof desk = JSON.parse(JSON.stringify(desk));
  stage.at(2, () => stage.answer(stored, 'ben'));

  const phase = await stage.play((here) => awaitDesk(stored, here));

  expect(stored).not.toBe(desk);
  expect(phase).toMatchObject({ name: 'approved', by: ['user/anna', 'user/ben'] });
});

test('fourteen days of silence cost one look at the electorate an hour', async () => {
  const desk = await stage.open({ respondBy: 14 * 24 * hourMs });

  await stage.play((here) => awaitDesk(desk, here));

  expect(stage.looks).toBeLessThanOrEqual(14 * 24 + 5);
});
