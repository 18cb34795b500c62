import type { OperationImplementation } from '../../../activities/connector';
import { cancelJobs } from '../../../activities/runtime/cancel';
import type { CancelReply } from '../../../workflows/domain/operation';
import type { EffectClass } from '../../../workflows/domain/effect-class';
import { hosts, onHosts, openFixture, request, task } from './fixture';
import type { Fixture } from './fixture';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});

afterEach(() => fixture.close());

type Answer = Awaited<ReturnType<NonNullable<OperationImplementation['cancel']>>>;

/** Asks to cancel `install` on hosts of which each answers as given. */
async function cancelled(answers: readonly Answer[]): Promise<CancelReply> {
  const plan = await fixture.planned([task('install')], hosts(answers.length));
  const known = fixture.deps.connectors['fake']?.operations['host'];
  if (known === undefined) throw new Error('Cannot test: the fixture has no operation');
  const host: OperationImplementation = {
    ...known,
    cancel: async (_input, { host: target }) => answers[Number(target?.name.slice('web'.length)) - 1] ?? 'unknown',
  };
  const deps = { ...fixture.deps, connectors: { fake: { operations: { host }, close: () => Promise.resolve() } } };
  const asked = { ...request(plan, 'install', onHosts(answers.length)), graceMs: 1000 };
  return cancelJobs(deps, asked, { signal: new AbortController().signal, number: 1 });
}

// D2: killing answers finished, killed or unknown for each host, and the row says the same as the answer.
describe('cancelJobs() (D2)', () => {
  test('says of each host what became of its job, and writes no row where nothing had started', async () => {
    fixture.behave(({ context }) => (context.host?.name === 'web2' ? { status: 'failed' } : {}));

    const reply = await cancelled(['succeeded', 'failed', 'cancelled', 'unknown', 'pending']);

    expect(reply.statuses).toBe('sfcun');
    expect((await fixture.rows()).map(({ host, status, changed }) => [host, status, changed])).toEqual([
      ['web1', 'succeeded', true],
      ['web2', 'failed', true],
      ['web3', 'cancelled', true],
      ['web4', 'unknown', true],
    ]);
  });

  test('reads the result of a job that had finished on its own, and nothing of the others', async () => {
    fixture.behave(() => ({ result: { exitCode: 0, stdout: 'done' } }));

    await cancelled(['succeeded', 'cancelled', 'unknown']);

    expect(fixture.calls.map(({ context }) => context.host?.name)).toEqual(['web1']);
    expect(await fixture.rows()).toMatchObject([
      { host: 'web1', captured: { result: { stdout: 'done' } } },
      { host: 'web2', error: null },
      { host: 'web3', error: { code: 'JOB_UNCONFIRMED' } },
    ]);
  });

  test('gives the host the key that the job was started under', async () => {
    const keys: string[] = [];
    const plan = await fixture.planned([task('install')], hosts(1));
    const operations = {
      host: {
        perform: () => Promise.reject(new Error('Cannot perform: only a cancel was asked for')),
        cancel: (_input: object, { key }: { readonly key: string }) => {
          keys.push(key);
          return Promise.resolve('cancelled' as const);
        },
      },
    };
    const deps = { ...fixture.deps, connectors: { fake: { operations, close: () => Promise.resolve() } } };
    const asked = { ...request(plan, 'install', { ...onHosts(1), generation: 3 }), graceMs: 1000 };

    await cancelJobs(deps, asked, { signal: new AbortController().signal, number: 2 });

    expect(keys).toEqual(['inst/r000000000001/roll/host:web1/install@3/do']);
  });

  test.each<{ effect: EffectClass; statuses: string }>([
    { effect: 'unsafe', statuses: 'u' },
    { effect: 'read', statuses: 'c' },
  ])('work of the worker that had begun and is $effect becomes $statuses', async ({ effect, statuses }) => {
    const plan = await fixture.planned([task('pay', { operation: { name: 'fake.worker', effect } })], []);
    const asked = request(plan, 'pay', { path: 'pay' });
    fixture.behave(() => {
      throw new Error('the process died here');
    });
    await expect(fixture.run(asked)).rejects.toThrow('died');

    const attempt = { signal: new AbortController().signal, number: 2 };
    const reply = await cancelJobs(fixture.deps, { ...asked, graceMs: 1000 }, attempt);

    expect(reply.statuses).toBe(statuses);
  });
});
