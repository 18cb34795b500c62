import { createHmac } from 'node:crypto';

import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { problemOf } from '../../../../client/api/errors';
import { addHooks } from '../../../../client/api/routes/hooks';
import { Secret } from '../../../../platform/secret';
import { openedAt, openVoting } from '../../../support/voting';
import type { VotingScene } from '../../../support/voting';

const secret = 'signing-secret';
const seconds = Math.floor(openedAt / 1000);

let scene: VotingScene;
let app: FastifyInstance;

beforeEach(async () => {
  scene = await openVoting();
  await open('http://127.0.0.1:1');
});

afterEach(async () => {
  await app.close();
  await scene.close();
});

async function open(origin: string): Promise<void> {
  app = fastify();
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id);
    return reply.code(problem.status).send(problem);
  });
  addHooks(app, { ...scene, chat: { secret: new Secret(secret), origin } });
  await app.ready();
}

function bodyOf(user: string, token: string, rest: object = {}, choice = 'approve'): string {
  const payload = {
    type: 'block_actions',
    user: { id: user },
    actions: [{ action_id: `vote:${choice}`, value: token }],
    ...rest,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

function signatureOf(body: string, timestamp = seconds, key = secret): string {
  return `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function post(body: string, headers: { readonly [name: string]: string }) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return app.inject({ method: 'POST', url: '/hooks/chat', headers: { ...type, ...headers }, payload: body });
}

function signed(body: string, timestamp = seconds) {
  return post(body, {
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signatureOf(body, timestamp),
  });
}

async function buttonOf(person: string): Promise<string> {
  return scene.token(await scene.message(person, 'chat'), 'approve');
}

test('a pressed button is the vote of the person with that name in the chat (R-APPR-11)', async () => {
  const answer = await signed(bodyOf('U1', await buttonOf('user/anna')));

  expect(answer.json()).toEqual({
    response_type: 'ephemeral',
    replace_original: false,
    text: 'Recorded: "approve" by user/anna.',
  });
  expect(scene.answers).toMatchObject([{ actor: 'user/anna', via: 'chat', choice: 'approve' }]);
});

test('the token of a link is no button (R-APPR-11)', async () => {
  const link = scene.token(await scene.message('user/anna', 'mail'), 'approve');

  const answer = await signed(bodyOf('U1', link));

  expect(answer.json().text).toContain('is not known');
  expect(scene.answers).toEqual([]);
});

test('a button that somebody else presses, or a stranger, changes nothing; pressed again it shows the recorded answer (R-APPR-11)', async () => {
  const button = await buttonOf('user/anna');

  const other = await signed(bodyOf('U2', button));
  const stranger = await signed(bodyOf('U9', button));
  await signed(bodyOf('U1', button));
  const again = await signed(bodyOf('U1', button));

  expect(other.json().text).toContain('the message was sent to "user/anna"');
  expect(stranger.json().text).toContain('no Person document has your name in this chat');
  expect(again.json().text).toBe('Nothing was changed: "approve" by user/anna was recorded before.');
  expect(scene.answers).toHaveLength(1);
});

test.each<[string, (body: string) => { readonly [name: string]: string }]>([
  ['no signature', () => ({ 'x-slack-request-timestamp': String(seconds) })],
  ['no time', (body) => ({ 'x-slack-signature': signatureOf(body) })],
  [
    'the signature of another secret',
    (body) => ({
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': signatureOf(body, seconds, 'other'),
    }),
  ],
  [
    'the signature of another body',
    (body) => ({ 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': signatureOf(`${body}&x=1`) }),
  ],
  [
    'a right signature of six minutes ago',
    (body) => ({
      'x-slack-request-timestamp': String(seconds - 360),
      'x-slack-signature': signatureOf(body, seconds - 360),
    }),
  ],
  [
    'a right signature of in six minutes',
    (body) => ({
      'x-slack-request-timestamp': String(seconds + 360),
      'x-slack-signature': signatureOf(body, seconds + 360),
    }),
  ],
])('a request with %s is refused before anything is read (R-APPR-11)', async (_what, headers) => {
  const body = bodyOf('U1', await buttonOf('user/anna'));

  const answer = await post(body, headers(body));

  expect(answer.statusCode).toBe(401);
  expect(answer.json()).toMatchObject({ code: 'SIGNATURE_INVALID' });
  expect(scene.answers).toEqual([]);
});

test.each(['', 'payload=', 'payload=%7B%7D', 'payload=no json', bodyOf('U1', 'made up'), bodyOf('U1', '', {}, '')])(
  'the signed body %j changes nothing',
  async (body) => {
    const answer = await signed(body);

    expect(answer.statusCode).toBe(200);
    expect(answer.json().text).toMatch(/^Nothing was changed/);
    expect(scene.answers).toEqual([]);
  },
);

test('the outcome is told to the address that the chat gives, and to no other place', async () => {
  const told: unknown[] = [];
  const chat = fastify();
  const arrived = new Promise<void>((resolve) => {
    chat.post('/actions/1', async (request) => {
      told.push(request.body);
      resolve();
      return 'ok';
    });
  });
  const origin = await chat.listen({ host: '127.0.0.1', port: 0 });
  const button = await buttonOf('user/anna');
  await app.close();
  await open('https://chat.example.org');
  await signed(bodyOf('U2', button, { response_url: `${origin}/actions/1` }));
  await app.close();
  await open(origin);

  await signed(bodyOf('U1', button, { response_url: `${origin}/actions/1` }));
  await arrived;
  await chat.close();

  expect(told).toEqual([expect.objectContaining({ text: 'Recorded: "approve" by user/anna.' })]);
});
