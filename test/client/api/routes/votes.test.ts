import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { addVotePages } from '../../../../client/api/routes/votes';
import { openVoting } from '../../../support/voting';
import type { VotingScene } from '../../../support/voting';

let scene: VotingScene;
let app: FastifyInstance;

beforeEach(async () => {
  scene = await openVoting({ title: 'Release <1.2>', show: { diff: '<script>alert(1)</script>' } });
  app = fastify();
  addVotePages(app, scene);
});

afterEach(async () => {
  await app.close();
  await scene.close();
});

async function urlFor(choice: string, person = 'user/anna'): Promise<string> {
  return `/votes/${scene.token(await scene.message(person), choice)}/${choice}`;
}

function press(url: string, comment = '') {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return app.inject({ method: 'POST', url, headers, payload: new URLSearchParams({ comment }).toString() });
}

test('following a link shows whose vote it would be and never votes: scanners follow links (R-APPR-11)', async () => {
  const url = await urlFor('approve');

  for (const method of ['GET', 'HEAD', 'GET'] as const) await app.inject({ method, url });
  const page = await app.inject({ method: 'GET', url });

  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('It will be recorded as the vote of user/anna.');
  expect(page.body).toContain('<form method="post">');
  expect(scene.answers).toEqual([]);
  expect(await scene.kinds()).not.toContain('vote.cast');
});

test('the button of a chat opens no page of links, for nobody who reads along there (R-APPR-11)', async () => {
  const button = await scene.message('user/anna', 'chat');
  const url = `/votes/${scene.token(button, 'approve')}/approve`;

  const answers = [await app.inject({ method: 'GET', url }), await press(url)];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
  expect(scene.answers).toEqual([]);
  expect(await scene.kinds()).not.toContain('task.refused');
});

test('the page has no script, loads nothing, and is neither kept nor framed nor told to others', async () => {
  const { headers, body } = await app.inject({ method: 'GET', url: await urlFor('approve') });

  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  );
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(body).not.toMatch(/<script|src=|@import|url\(/);
  expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(body).toContain('width=device-width');
});

test('pressing the button records the vote with its comment; pressing again, or the other link, shows what is recorded (R-APPR-11)', async () => {
  const url = await urlFor('approve');
  const other = await urlFor('reject');

  const first = await press(url, 'fine');
  const second = await press(url, 'changed my mind');
  const third = await press(other);
  const later = await app.inject({ method: 'GET', url: other });

  expect(first.body).toContain('Recorded: &quot;approve&quot; by user/anna, through link. Comment: fine');
  for (const { body, statusCode } of [second, third, later]) {
    expect(statusCode).toBe(200);
    expect(body).toContain('This link was used before, and nothing was changed now. Recorded: &quot;approve&quot;');
    expect(body).not.toContain('<form');
  }
  expect(scene.answers).toHaveLength(1);
});

test('a link to a task that is closed says how it ended, and a vote by it is refused (R-APPR-11)', async () => {
  const url = await urlFor('approve');
  await scene.closeTask('reject');

  const page = await app.inject({ method: 'GET', url });
  const pressed = await press(url);

  expect(page.body).toContain('the task is closed. It ended with &quot;reject&quot; by user/carl.');
  expect(pressed.statusCode).toBe(409);
  expect(pressed.body).toContain('Nothing was changed.');
  expect(await scene.kinds()).not.toContain('vote.cast');
});

test.each(['a'.repeat(46), 'short', '..', '%00', 'a'.repeat(99)])(
  'the token %j is a page that says so',
  async (token) => {
    const page = await app.inject({ method: 'GET', url: `/votes/${token}/approve` });
    const pressed = await press(`/votes/${token}/approve`);

    for (const { statusCode, body } of [page, pressed]) {
      expect(statusCode).toBe(404);
      expect(body).not.toContain(`${token}/`);
    }
    expect(await scene.kinds()).not.toContain('task.refused');
  },
);

test('when the engine does not answer the page says to try again, and the link is still good', async () => {
  const url = await urlFor('approve');
  scene.fail(new Error('secret detail'));
  const failed = await press(url);
  scene.fail(null);

  expect(failed.statusCode).toBe(503);
  expect(failed.body).toContain('That did not work');
  expect(failed.body).not.toContain('secret detail');
  expect((await press(url)).body).toContain('Recorded: &quot;approve&quot;');
});

test('a form of another kind, or one that is too long, is no vote', async () => {
  const url = await urlFor('approve');

  const json = await app.inject({ method: 'POST', url, headers: { 'content-type': 'text/plain' }, payload: 'x' });
  const long = await press(url, 'x'.repeat(3_000));

  expect([json.statusCode, long.statusCode]).toEqual([503, 503]);
  expect(scene.answers).toEqual([]);
});
