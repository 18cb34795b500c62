import fastify from 'fastify';

import { createAccess } from '../../../client/access';
import type { Access } from '../../../client/access';
import { accessOf, addAuthentication, watchAccess } from '../../../client/api/authentication';
import type { Role } from '../../../workflows/domain/authorization';

function accessWith(...roles: readonly Role[]): Access {
  const grants = roles.map((role) => ({ role, where: null }));
  return createAccess({ actor: 'user/anna', via: 'session', grants, proof: { kind: 'none' } });
}

/** One request that goes on for as long as the test wants, watched. */
async function watched(answers: readonly (Access | null | Error)[]): Promise<readonly boolean[]> {
  const app = fastify({ logger: false });
  const access = accessWith('viewer');
  let looked = 0;
  const identity = {
    authenticate: async () => {
      const answer = answers[looked] ?? null;
      looked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const ended: boolean[] = [];
  app.get('/feed', async (request) => {
    let isGone = false;
    const stop = watchAccess({ request, access }, identity, () => {
      isGone = true;
    });
    for (const _look of answers) {
      await jest.advanceTimersByTimeAsync(5_000);
      ended.push(isGone);
    }
    stop();
    return {};
  });
  await app.inject({ method: 'GET', url: '/feed' });
  await app.close();
  return ended;
}

describe('whoever listens for long', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    ['goes on while nothing changes', [accessWith('viewer'), accessWith('viewer')], [false, false]],
    ['is let go when they have signed out', [accessWith('viewer'), null], [false, true]],
    ['is let go when they have other grants', [accessWith('viewer', 'auditor')], [true]],
    ['goes on while the store is away', [new Error('away'), accessWith('viewer')], [false, false]],
  ])('%s', async (_what, answers, ended) => {
    expect(await watched(answers)).toEqual(ended);
  });
});

test('a route that nobody has put behind the door serves nobody', async () => {
  const app = fastify({ logger: false });
  addAuthentication(
    app,
    { authenticate: async () => accessWith('admin') },
    { isGuarded: (address) => address === '/guarded', isOpen: () => false, hasProvider: false },
  );
  for (const path of ['/guarded', '/forgotten']) app.get(path, async (request) => ({ actor: accessOf(request).actor }));

  const [guarded, forgotten] = await Promise.all(
    ['/guarded', '/forgotten'].map((url) => app.inject({ method: 'GET', url })),
  );

  expect(guarded?.json()).toEqual({ actor: 'user/anna' });
  expect(forgotten?.body).toContain('Cannot serve the request');
});
