import fc from 'fast-check';

import { castTokenVote, readToken } from '../../../client/channels/token-vote';
import type { GivenVote, TokenVote } from '../../../client/channels/token-vote';
import { dueAt, openedAt, openVoting } from '../../support/voting';
import type { VotingScene } from '../../support/voting';
import { grantText, publish } from '../../support/client/signed-in';

let scene: VotingScene;

beforeEach(async () => {
  scene = await openVoting();
});

afterEach(() => scene.close());

const approve: GivenVote = { choice: 'approve', comment: 'fine', via: 'link', by: null };

async function tokenOf(person: string, choice: string | null = 'approve'): Promise<TokenVote> {
  const notice = await scene.message(person);
  const found = await readToken(scene, scene.token(notice, choice), { channel: 'mail', choice });
  if (found === null) throw new Error('the token is not known');
  return found;
}

test('a token casts the vote of the person whom it names, on the plan that it names, under its own id (R-APPR-11)', async () => {
  const token = await tokenOf('user/anna');

  const result = await castTokenVote(scene, token, approve);

  expect(result).toMatchObject({ kind: 'counted', vote: { actor: 'user/anna', choice: 'approve', via: 'link' } });
  expect(scene.answers).toEqual([
    {
      taskId: 'r1-1',
      id: token.notice.id,
      actor: 'user/anna',
      via: 'link',
      choice: 'approve',
      comment: 'fine',
      planHash: 'h1',
      showHash: 's1',
    },
  ]);
});

test('a second use, with whatever choice, changes nothing and shows the recorded answer (R-APPR-11)', async () => {
  await castTokenVote(scene, await tokenOf('user/anna'), approve);
  const before = await scene.kinds();

  const again = await castTokenVote(scene, await tokenOf('user/anna', 'reject'), { ...approve, choice: 'reject' });

  expect(again).toMatchObject({ kind: 'recorded', vote: { choice: 'approve', comment: 'fine' } });
  expect(await scene.kinds()).toEqual(before);
});

test('uses of one token at once are one vote (R-APPR-11)', async () => {
  const token = await tokenOf('user/anna');

  const results = await Promise.all(Array.from({ length: 8 }, () => castTokenVote(scene, token, approve)));

  expect((await scene.kinds()).filter((kind) => kind === 'vote.cast')).toHaveLength(1);
  for (const result of results) expect(result).toMatchObject({ vote: { choice: 'approve', actor: 'user/anna' } });
});

test('a token that somebody else uses is refused and journaled once, and is still good for its owner (R-APPR-11)', async () => {
  const token = await tokenOf('user/anna');
  const forwarded: GivenVote = { ...approve, via: 'chat', by: 'user/ben' };

  const refused = await castTokenVote(scene, token, forwarded);
  await castTokenVote(scene, token, { ...forwarded, comment: 'again' });

  expect(refused).toMatchObject({ kind: 'refused', code: 'TOKEN_FORWARDED' });
  expect((await scene.kinds()).filter((kind) => kind === 'task.refused')).toHaveLength(1);
  expect(scene.answers).toEqual([]);
  expect(await castTokenVote(scene, token, { ...approve, via: 'chat', by: 'user/anna' })).toMatchObject({
    kind: 'counted',
  });
});

test('a token after its time, and a vote on a task that was closed, change nothing and are journaled (R-APPR-11)', async () => {
  const [anna, ben] = [await tokenOf('user/anna'), await tokenOf('user/ben')];
  scene.setNow(dueAt);
  const late = await castTokenVote(scene, anna, approve);
  scene.setNow(openedAt);
  await scene.closeTask('withdrawn');

  const closed = await castTokenVote(scene, ben, approve);
  const closedAgain = await castTokenVote(scene, ben, { ...approve, comment: 'please' });

  expect(late).toMatchObject({ kind: 'refused', code: 'TOKEN_EXPIRED' });
  expect(closed).toMatchObject({ kind: 'refused', code: 'TASK_CLOSED' });
  expect(closedAgain).toEqual(closed);
  expect(scene.answers).toHaveLength(1);
  const kinds = await scene.kinds();
  expect(kinds.filter((kind) => kind === 'task.refused')).toHaveLength(2);
  expect(kinds).not.toContain('vote.cast');
});

test('a vote by message goes by the grants of its person from the first grant on, and counts once they have one (V3)', async () => {
  const token = await tokenOf('user/anna');
  await publish(scene.store, grantText('ops', '{role: approver, people: [user/ben]}'));
  const refused = await castTokenVote(scene, token, approve);
  await publish(scene.store, grantText('ops', '{role: approver, people: [user/ben, user/anna]}'));
  scene.setNow(openedAt + 1_000);
  const counted = await castTokenVote(scene, token, approve);

  expect([refused, counted]).toMatchObject([{ kind: 'refused', code: 'ANSWER_NOT_GRANTED' }, { kind: 'counted' }]);
  expect((await scene.kinds()).filter((kind) => kind === 'task.refused')).toHaveLength(1);
});

test('a token of another choice, another channel, another key or another notice is none of ours (R-APPR-11)', async () => {
  const [anna, ben] = [await scene.message('user/anna'), await scene.message('user/ben')];
  const token = scene.token(anna, 'approve');
  const link = { channel: 'mail', choice: 'approve' } as const;

  expect(await readToken(scene, token, { ...link, choice: 'reject' })).toBeNull();
  expect(await readToken(scene, token, { ...link, choice: null })).toBeNull();
  expect(await readToken(scene, token, { ...link, channel: 'chat' })).toBeNull();
  expect(await readToken({ ...scene, voteKey: Buffer.alloc(32, 9) }, token, link)).toBeNull();
  expect(await readToken(scene, `${ben.id}${token.slice(ben.id.length)}`, link)).toBeNull();
  expect(await readToken(scene, '', link)).toBeNull();
});

const use = fc.record({
  person: fc.constantFrom('user/anna', 'user/ben'),
  choice: fc.constantFrom('approve', 'reject'),
  by: fc.constantFrom(null, 'user/anna', 'user/ben'),
  late: fc.boolean(),
  closes: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
});

test('whatever is tried in whatever order: a token is at most one vote, of the person whom it names, and what is recorded stays (R-APPR-11)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(use, { maxLength: 12 }), async (uses) => {
      await scene.close();
      scene = await openVoting();
      const recorded = new Map<string, string>();
      for (const { person, choice, by, late, closes } of uses) {
        if (closes) await scene.closeTask('withdrawn');
        scene.setNow(late ? dueAt : openedAt);
        const result = await castTokenVote(scene, await tokenOf(person, choice), {
          ...approve,
          via: 'chat',
          choice,
          by,
        });

        if (by !== null && by !== person) expect(result).toMatchObject({ kind: 'refused', code: 'TOKEN_FORWARDED' });
        else if (result.kind !== 'refused')
          expect(result.vote).toMatchObject({ actor: person, choice: recorded.get(person) ?? choice });
        if (result.kind === 'counted') recorded.set(person, result.vote.choice);
      }
      const [task] = await scene.store.views.tasks({ id: 'r1-1' });
      expect(Object.fromEntries((task?.votes ?? []).map((vote) => [vote.actor, vote.choice]))).toEqual(
        Object.fromEntries(recorded),
      );
      expect(task?.votes).toHaveLength(recorded.size);
    }),
    { numRuns: 25 },
  );
});
