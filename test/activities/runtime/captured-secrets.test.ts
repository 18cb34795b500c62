import { perform } from '../../../activities/runtime/perform';
import { createSeal } from '../../../platform/seal';
import type { OperationPlan, TaskStep } from '../../../workflows/runbook/plan';
import { hosts, onHosts, openFixture, request, runId, task } from './fixture';
import type { Call, Fixture } from './fixture';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});

afterEach(async () => {
  await fixture.close();
});

const capture: OperationPlan['capture'] = { format: 'secret', from: 'stdout', limitBytes: 65_536 };
const worker: Pick<TaskStep, 'where'> = { where: { on: 'worker' } };

function using(reference: string, more: Partial<Pick<TaskStep, 'where'>> = {}): TaskStep {
  const input = { map: { env: { map: { TOKEN: { text: ['Bearer ', { secret: reference }] } } } } };
  const name = more.where === undefined ? 'fake.host' : 'fake.worker';
  return task('use', { ...more, operation: { name, input } });
}

function tokensUsed(): readonly unknown[] {
  return fixture.calls.flatMap(({ input }) => (input['env'] === undefined ? [] : [input['env']]));
}

/** Prints a secret of its host, and says it again among its errors. */
function generate({ input, context }: Call) {
  if (input['env'] !== undefined) return { result: { exitCode: 0, stdout: `used ${JSON.stringify(input['env'])}` } };
  const secret = `token-of-${context.host?.name ?? 'worker'}-${context.identity.path.replace(/\W/g, '')}`;
  context.output.write('stdout', 0, Buffer.from(secret));
  context.output.write('stderr', 0, Buffer.from(`made ${secret}\n`));
  const output = { stdoutBytes: secret.length, stderrBytes: 1, stdoutDigest: 'guessable', stderrDigest: 'x' };
  return { result: { exitCode: 0, stdout: `${secret}\n`, stderr: '' }, output };
}

test('each host of a rollout gets the secret that it captured itself', async () => {
  const plan = await fixture.planned(
    [task('make', { operation: { name: 'fake.host', capture } }), using('captured:host/make#stdout')],
    hosts(2),
  );
  fixture.behave(generate);

  await fixture.run(request(plan, 'make', onHosts(2)));
  const reply = await fixture.run(request(plan, 'use', onHosts(2)));

  expect(reply.statuses).toBe('ss');
  expect(tokensUsed()).toEqual([
    { TOKEN: 'Bearer token-of-web1-rollhostweb1make' },
    { TOKEN: 'Bearer token-of-web2-rollhostweb2make' },
  ]);
});

test('a captured secret stands nowhere in the clear: not in rows, replies, the journal or the output store', async () => {
  const plan = await fixture.planned(
    [task('make', { operation: { capture }, keep: ['stdout'] }), using('captured:host/make#stdout')],
    hosts(1),
  );
  fixture.behave(generate);

  const made = await fixture.run(request(plan, 'make', onHosts(1)));
  const used = await fixture.run(request(plan, 'use', onHosts(1)));

  const journal = await fixture.store.journal.read(`run/${runId}`, {});
  const address = { runId, path: 'roll/host:web1/make', phase: 'do', generation: 1 } as const;
  const [stdout, stderr] = await Promise.all(
    (['stdout', 'stderr'] as const).map((stream) => fixture.store.outputs.read(address, stream, 0, 1000)),
  );
  const everything = JSON.stringify([made, used, await fixture.rows(), journal]);
  expect(everything).not.toContain('token-of');
  expect(everything).not.toContain('sealed:');
  expect(everything).not.toContain('guessable');
  expect(Buffer.from(stdout ?? []).toString()).toBe('');
  expect(Buffer.from(stderr ?? []).toString()).toMatch(/^made \*+\n$/);
});

test('work of the worker gets a text from inside the answer of an earlier step', async () => {
  const plan = await fixture.planned(
    [
      task('login', { ...worker, operation: { name: 'fake.worker', capture } }),
      using('captured:login#result.body.token', worker),
    ],
    [],
  );
  fixture.behave(({ input }) =>
    input['env'] === undefined ? { result: { status: 200, body: { token: 'inner-token' } } } : {},
  );

  await fixture.run(request(plan, 'login', { path: 'login', operation: 'fake.worker' }));
  await fixture.run(request(plan, 'use', { path: 'use' }));

  expect(tokensUsed()).toEqual([{ TOKEN: 'Bearer inner-token' }]);
});

test('in a loop each item gets its own, also from inside a group', async () => {
  const plan = await fixture.planned(
    [task('make', { ...worker, operation: { name: 'fake.worker', capture } }), using('captured:make#stdout', worker)],
    [],
  );
  fixture.behave((call) => generate(call));

  for (const item of ['a', 'b'])
    await fixture.run(request(plan, 'make', { path: `loop/item:${item}/group/make`, operation: 'fake.worker' }));
  await fixture.run(request(plan, 'use', { path: 'loop/item:b/use' }));

  expect(tokensUsed()).toEqual([{ TOKEN: 'Bearer token-of-worker-loopitembgroupmake' }]);
});

test('a later generation replaces what an earlier one has captured', async () => {
  const plan = await fixture.planned(
    [task('make', { ...worker, operation: { name: 'fake.worker', capture } }), using('captured:make#stdout', worker)],
    [],
  );
  let made = 0;
  fixture.behave(({ input }) =>
    input['env'] === undefined ? { result: { exitCode: 0, stdout: `token-${++made}` } } : {},
  );

  for (const generation of [1, 2])
    await fixture.run(request(plan, 'make', { path: 'make', operation: 'fake.worker', generation }));
  await fixture.run(request(plan, 'use', { path: 'use' }));

  expect(tokensUsed()).toEqual([{ TOKEN: 'Bearer token-2' }]);
});

test('a worker that captures again after one that was lost keeps its own value, whole', async () => {
  const plan = await fixture.planned(
    [
      task('make', { operation: { name: 'fake.host', effect: 'idempotent', capture } }),
      using('captured:host/make#stdout'),
    ],
    hosts(1),
  );
  const [first, second] = ['short', 'a-token-that-is-much-longer-than-the-one-before'];
  fixture.behave(({ input }, count) =>
    input['env'] === undefined ? { result: { exitCode: 0, stdout: count === 1 ? first : second } } : {},
  );
  const { store } = fixture;
  const away = { ...store.journal, append: () => Promise.reject(new Error('the store is away')) };
  const attempt = { signal: new AbortController().signal, number: 1, report: () => undefined };

  const lost = perform(
    { ...fixture.deps, store: { ...store, journal: away } },
    request(plan, 'make', onHosts(1)),
    attempt,
  );
  await expect(lost).rejects.toThrow('the store is away');
  await fixture.run(request(plan, 'make', onHosts(1)));
  await fixture.run(request(plan, 'use', onHosts(1)));

  expect(tokensUsed()).toEqual([{ TOKEN: 'Bearer a-token-that-is-much-longer-than-the-one-before' }]);
});

test('a captured secret that this installation cannot open fails the step that uses it', async () => {
  const plan = await fixture.planned(
    [task('make', { operation: { name: 'fake.host', capture } }), using('captured:host/make#stdout')],
    hosts(1),
  );
  fixture.behave(generate);
  await fixture.run(request(plan, 'make', onHosts(1)));
  const other = { ...fixture.deps, seal: createSeal(Buffer.alloc(32, 8)) };
  const attempt = { signal: new AbortController().signal, number: 1, report: () => undefined };

  const reply = await perform(other, request(plan, 'use', onHosts(1)), attempt);

  expect(reply).toMatchObject({ statuses: 'f', failures: [{ code: 'SECRET_MISSING' }] });
  expect(reply.failures[0]?.message).toContain('it was sealed with another key');
});

test.each([
  ['captured:make#stdout', 'the step has captured nothing'],
  ['captured:login#result.body.password', 'there is no text at "result.body.password"'],
])('a captured secret that is not there fails the step before anything is sent: %s', async (reference, found) => {
  const plan = await fixture.planned(
    [task('login', { ...worker, operation: { name: 'fake.worker', capture } }), using(reference, worker)],
    [],
  );
  fixture.behave(() => ({ result: { status: 200, body: {} } }));
  await fixture.run(request(plan, 'login', { path: 'login', operation: 'fake.worker' }));

  const reply = await fixture.run(request(plan, 'use', { path: 'use' }));

  expect(reply).toMatchObject({ statuses: 'f', failures: [{ code: 'SECRET_MISSING' }] });
  expect(reply.failures[0]?.message).toContain(found);
  expect(tokensUsed()).toEqual([]);
});

test('a secret that is too long to be kept fails the step that captures it, and is not kept in part', async () => {
  const small = { ...capture, limitBytes: 10 };
  const plan = await fixture.planned([task('make', { operation: { capture: small } })], hosts(1));
  fixture.behave(generate);

  const reply = await fixture.run(request(plan, 'make', onHosts(1)));

  const [row] = await fixture.rows();
  expect(reply).toMatchObject({ statuses: 'f', failures: [{ code: 'CAPTURE_INVALID' }] });
  expect(row?.captured).toEqual({ masked: ['stdout', 'result'] });
});
