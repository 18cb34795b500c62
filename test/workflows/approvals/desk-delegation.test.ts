import { reviseDesk } from '../../../workflows/approvals/desk';
import type { DeskState } from '../../../workflows/approvals/desk-state';
import type { AnswerResult } from '../../../workflows/domain/task';
import { board, DeskStage, facts, hourMs } from './desk-given';

let stage: DeskStage;

beforeEach(() => {
  stage = new DeskStage();
});

function delegate(desk: DeskState, from: string, to: string, until: number | null = null): Promise<AnswerResult> {
  return stage.answer(desk, `${from}:delegate`, { delegation: { to: `user/${to}`, until } });
}

test('R-APPR-3: a delegate of one approval is told, votes for who delegated, and the journal has all of it', async () => {
  const desk = await stage.open();

  const given = await delegate(desk, 'anna', 'dan', 5 * hourMs);
  await stage.answer(desk, 'dan');
  await stage.answer(desk, 'ben');

  expect(given).toEqual({ accepted: true, decided: false, choice: null, recorded: 'delegate' });
  expect(stage.payloads('task.delegated')).toEqual([
    { taskId: 'c1-1', from: 'user/anna', to: 'user/dan', until: 5 * hourMs, comment: '' },
  ]);
  expect(stage.payloads('task.asked')[1]).toMatchObject({ added: [{ person: 'user/anna', actor: 'user/dan' }] });
  expect(stage.payloads('vote.cast')[0]).toMatchObject({ actor: 'user/dan', onBehalfOf: 'user/anna' });
  expect(desk.approval.phase).toMatchObject({ name: 'approved', by: ['user/anna', 'user/ben'] });
});

test('a delegation that is sent again is one', async () => {
  const desk = await stage.open();
  const sent = stage.answerOf(desk, 'anna:delegate', { delegation: { to: 'user/dan', until: null } });

  await stage.answer(desk, 'anna', sent);
  const again = await stage.answer(desk, 'anna', sent);

  expect(again).toMatchObject({ accepted: true, recorded: 'delegate' });
  expect(stage.payloads('task.delegated')).toHaveLength(1);
});

test('R-SOD-1: a delegation to the requester is refused, and that is journaled', async () => {
  const desk = await stage.open();

  const refused = await delegate(desk, 'anna', 'rita');

  expect(refused).toMatchObject({ accepted: false, code: 'DUTIES_NOT_SEPARATE' });
  expect(stage.payloads('task.refused')).toMatchObject([{ answer: { delegation: { to: 'user/rita' } } }]);
  expect(desk.approval.delegations).toBeUndefined();
});

test('R-APPR-4: nothing is delegated to somebody who has left, whom nobody had to do with before', async () => {
  const desk = await stage.open();
  stage.people.inactive = ['user/dan'];

  expect(await delegate(desk, 'anna', 'dan')).toMatchObject({ accepted: false, code: 'PERSON_LEFT' });
  expect(stage.payloads('task.delegated')).toEqual([]);
  expect(desk.approval.delegations).toBeUndefined();
  expect(desk.approval.left).toEqual([]);
});

test('R-APPR-4: who delegates may leave, or the delegate may: then nobody votes for them', async () => {
  const desk = await stage.open();
  await delegate(desk, 'anna', 'dan');
  await delegate(desk, 'ben', 'eve');
  stage.people.inactive = ['user/dan', 'user/ben'];

  expect(await stage.answer(desk, 'dan>anna')).toMatchObject({ code: 'PERSON_LEFT' });
  expect(await stage.answer(desk, 'eve>ben')).toMatchObject({ code: 'PERSON_LEFT' });
});

test('R-APPR-9: a material change voids votes; who votes for whom stays', async () => {
  const desk = await stage.open();
  await delegate(desk, 'anna', 'dan');
  await stage.answer(desk, 'dan');

  await reviseDesk(
    desk,
    {
      request: { ...board, hash: 'h2' },
      difference: 'another host',
      title: 'Go on?',
      show: {},
      facts,
      respondBy: null,
    },
    stage.context(),
  );
  const again = await stage.answer(desk, 'dan');

  expect(again).toMatchObject({ accepted: true });
  expect(desk.approval.votes).toMatchObject([{ person: 'user/anna', actor: 'user/dan' }]);
});
