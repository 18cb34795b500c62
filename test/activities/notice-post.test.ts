import { createChatCarrier } from '../../activities/chat/client';
import { failures } from '../../activities/failures';
import { createMatrixCarrier } from '../../activities/matrix/client';
import type { Carrier } from '../../activities/notice-message';
import { createNotifyCarrier } from '../../activities/notify/client';
import { createNtfyCarrier } from '../../activities/ntfy/client';
import { createTeamsCarrier } from '../../activities/teams/client';
import { freePort } from '../../platform/free-port';
import { Secret } from '../../platform/secret';
import { openPushServer } from '../support/push-server';
import type { PushServer } from '../support/push-server';
import { notice } from './notices';

let server: PushServer;

beforeEach(async () => {
  // As many frameworks do for what they do not know: with the address, and with what they were given.
  server = await openPushServer(({ path, headers }) => ({ status: 404, body: { path, headers } }));
});

afterEach(() => server.close());

const token = new Secret('tops3cret');
const carriers: { readonly [channel: string]: (url: string) => Carrier } = {
  CHAT: (url) => createChatCarrier({ webhookUrl: new Secret(`${url}/tops3cret`) }),
  TEAMS: (url) => createTeamsCarrier({ webhookUrl: new Secret(`${url}/hook?sig=tops3cret`) }),
  MATRIX: (url) => createMatrixCarrier({ url, token, room: '!ops:example.org' }),
  NTFY: (url) => createNtfyCarrier({ url, token, common: null }),
  NOTIFY: (url) =>
    createNotifyCarrier({
      url: new Secret(`${url}/tops3cret`),
      secret: new Secret('whsec_dG9wczNjcmV0'),
      privateAddresses: 'allow',
      now: () => 1_700_000_000_000,
    }),
};

const message = notice({ to: '@anna:example.org' });
const channels = Object.keys(carriers);

type Case = readonly [status: number, retry: boolean];
const statuses: readonly Case[] = [
  [302, false],
  [400, false],
  [403, false],
  [404, false],
  [408, true],
  [410, false],
  [413, false],
  [422, false],
  [425, true],
  [429, true],
  [500, true],
  [502, true],
  [503, true],
  [504, true],
];

test.each(channels.flatMap((channel) => statuses.map(([status, retry]) => [channel, status, retry] as const)))(
  '%s: an answer with %i is tried again: %s, and its reason has no secret in it',
  async (channel, status, retry) => {
    server.next({ status, headers: { location: '/elsewhere' }, body: { said: 'tops3cret' } });

    const result = await carriers[channel]?.(server.url).send(message);

    if (result?.kind !== 'failed') throw new Error('expected a failure');
    expect([result.code.startsWith(`${channel}_`), failures[result.code].retry]).toEqual([true, retry]);
    expect(result.reason).toMatch(new RegExp(`answers with status ${status}$`));
    expect(server.received).toHaveLength(1);
  },
);

test.each([
  // Whoever looks after it writes the right token into the settings, and what waits goes out.
  ['MATRIX', 'MATRIX_LOGIN_REJECTED', true],
  ['NTFY', 'NTFY_LOGIN_REJECTED', true],
  ['CHAT', 'CHAT_REFUSED', false],
  ['TEAMS', 'TEAMS_REFUSED', false],
  ['NOTIFY', 'NOTIFY_REFUSED', false],
] as const)('%s: who is not known is %s', async (channel, code, retry) => {
  server.next({ status: 401 });

  expect(await carriers[channel]?.(server.url).send(message)).toMatchObject({ kind: 'failed', code });
  expect(failures[code].retry).toBe(retry);
});

test.each(channels)('%s: what asks to be left alone for a while says for how long', async (channel) => {
  server.next({ status: 429, headers: { 'retry-after': '120' } });
  server.next({ status: 503, headers: { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' } });
  server.next({ status: 429, headers: { 'retry-after': 'soon' } });
  const carrier = carriers[channel]?.(server.url);

  expect(await carrier?.send(message)).toMatchObject({ kind: 'failed', retryAfterMs: 120_000 });
  // Nobody can silence us for good.
  expect(await carrier?.send(message)).toMatchObject({ kind: 'failed', retryAfterMs: 3_600_000 });
  expect(await carrier?.send(message)).not.toHaveProperty('retryAfterMs');
});

test.each(channels)('%s: a service that is not there, or breaks off, is tried again', async (channel) => {
  const nowhere = await carriers[channel]?.(`http://127.0.0.1:${await freePort()}`).send(message);
  server.next(null);
  const brokenOff = await carriers[channel]?.(server.url).send(message);

  for (const result of [nowhere, brokenOff]) {
    expect(result).toMatchObject({ kind: 'failed', code: `${channel}_UNREACHABLE` });
    expect(JSON.stringify(result)).not.toContain('tops3cret');
  }
});

test.each(channels)(
  '%s: a page of the service with the address or the token in it stays out of the reason',
  async (channel) => {
    const result = await carriers[channel]?.(server.url).send(message);

    expect(result).toMatchObject({ kind: 'failed', code: `${channel}_REFUSED` });
    expect(JSON.stringify(result)).not.toMatch(/tops3cret|dG9wczNjcmV0/);
  },
);
