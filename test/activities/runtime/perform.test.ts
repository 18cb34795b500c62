import { z } from 'zod';

import { cancelJobs } from '../../../activities/runtime/cancel';
import type { HostRow } from '../../../workflows/domain/journal';
import { host, hosts, knownSecret, onHosts, openFixture, request, runId, task } from './fixture';
import type { Fixture } from './fixture';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});

afterEach(() => fixture.close());

function statuses(rows: readonly HostRow[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row.host, row.status]));
}

describe('perform()', () => {
  test('writes one row for each host and answers with characters', async () => {
    const plan = await fixture.planned([task('install')], hosts(3));
    fixture.behave(({ context }) =>
      context.host?.name === 'web2'
        ? { status: 'failed', result: { exitCode: 7 }, error: { code: 'EXIT_CODE', message: 'Cannot accept: 7' } }
        : {},
    );

    const reply = await fixture.run(request(plan, 'install', onHosts(3)));

    expect(reply).toMatchObject({ statuses: 'sfs', changed: '111', failures: [{ code: 'EXIT_CODE', positions: [1] }] });
    expect(await fixture.rows()).toMatchObject([
      { path: 'roll/host:web1/install', step: 'roll/install', status: 'succeeded', exitCode: 0, durationMs: 250 },
      { path: 'roll/host:web2/install', status: 'failed', exitCode: 7, error: { code: 'EXIT_CODE' } },
      { path: 'roll/host:web3/install', status: 'succeeded' },
    ]);
  });

  test('names an effect by installation, run, path, generation and phase alone (D1)', async () => {
    const plan = await fixture.planned([task('install')], hosts(1));

    await fixture.run(request(plan, 'install', { ...onHosts(1), generation: 3 }), { number: 4 });

    expect(fixture.calls[0]?.context.key).toBe(`inst/${runId}/roll/host:web1/install@3/do`);
  });

  const started = { key: 'run@0/do/run.started', kind: 'run.started', payload: { resumed: false } } as const;
  const carriedAt = (at: number) => [{ ...started, at, actor: 'engine', via: 'engine' }];

  test('what led to a call stands in the journal before anything begins that cannot be repeated (D4)', async () => {
    const plan = await fixture.planned([task('install')], hosts(1));
    let before: readonly string[] = [];
    fixture.behave(async () => {
      before = (await fixture.store.journal.read(`run/${runId}`)).map(({ key }) => key);
      return {};
    });

    await fixture.run(request(plan, 'install', onHosts(1)), { carried: carriedAt(1) });

    expect(before).toContain(started.key);
  });

  test('what led to a call is written once, whichever attempt writes it', async () => {
    const plan = await fixture.planned([task('install')], hosts(1));

    await fixture.run(request(plan, 'install', onHosts(1)), { carried: carriedAt(1) });
    await fixture.run(request(plan, 'install', onHosts(1)), { carried: carriedAt(2), number: 2 });

    const entries = await fixture.store.journal.read(`run/${runId}`);
    expect(entries.filter(({ key }) => key === started.key)).toMatchObject([{ at: 1 }]);
  });

  test('an attempt that follows goes on from the rows and performs only what has none', async () => {
    const plan = await fixture.planned([task('install')], hosts(4));
    await fixture.run(request(plan, 'install', onHosts(2)));

    const reply = await fixture.run(request(plan, 'install', onHosts(4)), { number: 2 });

    expect(reply.statuses).toBe('ssss');
    expect(fixture.calls.map((call) => call.context.host?.name).toSorted(byText)).toEqual([
      'web1',
      'web2',
      'web3',
      'web4',
    ]);
  });

  test('another generation of the same path is another effect', async () => {
    const plan = await fixture.planned([task('install')], hosts(1));
    await fixture.run(request(plan, 'install', onHosts(1)));

    await fixture.run(request(plan, 'install', { ...onHosts(1), generation: 2 }));

    expect(fixture.calls).toHaveLength(2);
  });

  // D11: a false timeout starts a second attempt while the first is alive.
  test('two live attempts of one activity answer with the rows that were written first', async () => {
    const plan = await fixture.planned([task('install')], hosts(5));
    fixture.behave((_call, count) => ({ endedAt: 1250 + count }));
    const asked = request(plan, 'install', onHosts(5));

    const [first, second] = await Promise.all([fixture.run(asked), fixture.run(asked, { number: 2 })]);

    expect(second.digest).toBe(first.digest);
    expect(await fixture.rows()).toHaveLength(5);
  });

  test('starts no further host once as many have failed as may, and reports the others as not started (D10)', async () => {
    const plan = await fixture.planned([task('install')], hosts(6));
    fixture.behave(() => ({ status: 'failed' }));

    const reply = await fixture.run(request(plan, 'install', { ...onHosts(6), parallel: 1, stopAfterFailures: 2 }));

    expect(reply.statuses).toBe('ffnnnn');
    expect(await fixture.rows()).toHaveLength(2);
  });

  test('has never more than `parallel` hosts in flight', async () => {
    const plan = await fixture.planned([task('install')], hosts(12));
    let inFlight = 0;
    let most = 0;
    fixture.behave(async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return {};
    });

    await fixture.run(request(plan, 'install', { ...onHosts(12), parallel: 3 }));

    expect(most).toBe(3);
  });

  test('an `if` that reads the host is decided for each host', async () => {
    const condition = { expression: "host.labels.role == 'web'", perHost: true };
    const targets = [host('web1', { labels: { role: 'web' } }), host('db1', { labels: { role: 'db' } })];
    const plan = await fixture.planned([task('install', { if: condition })], targets);

    const reply = await fixture.run(request(plan, 'install', onHosts(2)));

    expect(reply.statuses).toBe('sk');
    expect(statuses(await fixture.rows())).toEqual({ db1: 'skipped', web1: 'succeeded' });
  });

  test('an expression that cannot be evaluated fails its host and reaches no target', async () => {
    const operation = { input: { map: { text: { expression: 'inputs.missing.field + 1' } } } };
    const plan = await fixture.planned([task('install', { operation })], hosts(1));

    const reply = await fixture.run(request(plan, 'install', { ...onHosts(1), scope: { inputs: {} } }));

    expect(reply).toMatchObject({ statuses: 'f', failures: [{ code: 'EXPRESSION_FAILED' }] });
    expect(fixture.calls).toEqual([]);
  });

  test('a body step reads the record of an earlier step on the same host', async () => {
    const before = task('before');
    const after = task('after', {
      reads: { names: [], steps: [], hostSteps: ['before'] },
      operation: { input: { map: { was: { expression: 'host.steps.before.result.version' } } } },
    });
    const plan = await fixture.planned([before, after], hosts(2));
    fixture.behave(({ context }) => ({ result: { version: `old on ${context.host?.name}` } }));
    await fixture.run(request(plan, 'before', onHosts(2)));

    await fixture.run(request(plan, 'after', onHosts(2)));

    expect(
      fixture.calls
        .slice(2)
        .map((call) => call.input)
        .sort(byWas),
    ).toEqual([{ was: 'old on web1' }, { was: 'old on web2' }]);
  });

  test.each([
    { stdout: 'x'.repeat(5000), code: 'OUTPUT_TRUNCATED' },
    { stdout: `token ${knownSecret}`, code: 'OUTPUT_MASKED' },
  ])('an expression over output that was not kept whole fails as $code', async ({ stdout, code }) => {
    const before = task('before', {
      operation: { name: 'fake.host', input: { map: { key: { secret: 'env:KNOWN' } } } },
    });
    const after = task('after', {
      reads: { names: [], steps: [], hostSteps: ['before'] },
      operation: { input: { map: { was: { expression: 'host.steps.before.result.stdout' } } } },
    });
    const plan = await fixture.planned([before, after], hosts(1));
    fixture.behave(() => ({ result: { stdout } }));
    await fixture.run(request(plan, 'before', onHosts(1)));

    const reply = await fixture.run(request(plan, 'after', onHosts(1)));

    expect(reply).toMatchObject({ statuses: 'f', failures: [{ code }] });
    expect(fixture.calls).toHaveLength(1);
  });

  test('a step with delegates runs on each of them for the host, and all must pass', async () => {
    const delegated = task('drain', { where: { on: 'body', delegate: { set: 'all', all: false } } });
    const targets = [host('web1', { steps: { drain: { delegates: [1, 2] } } }), host('lb1'), host('lb2')];
    const plan = await fixture.planned([delegated], targets);
    fixture.behave(({ context }) => (context.host?.name === 'lb2' ? { status: 'failed' } : {}));

    const reply = await fixture.run(request(plan, 'drain', { ...onHosts(1), path: 'roll/host:*/drain/delegate:*' }));

    expect(reply.statuses).toBe('f');
    expect((await fixture.rows()).map((row) => [row.path, row.host, row.delegate, row.status])).toEqual([
      ['roll/host:web1/drain/delegate:lb1', 'web1', 'lb1', 'succeeded'],
      ['roll/host:web1/drain/delegate:lb2', 'web1', 'lb2', 'failed'],
    ]);
  });

  test('work of the worker has one row without a host, and its kept fields come back', async () => {
    const step = task('call', { keep: ['result'], operation: { name: 'fake.worker', effect: 'read' } });
    const plan = await fixture.planned([step], []);
    fixture.behave(() => ({ result: { answer: 42 } }));

    const reply = await fixture.run(request(plan, 'call', { path: 'call' }));

    expect(reply).toMatchObject({ statuses: 's', changed: '0', record: { result: { answer: 42 } } });
    expect(await fixture.rows()).toMatchObject([{ path: 'call', host: '', status: 'succeeded' }]);
  });
});

function byText(left: string | undefined, right: string | undefined): number {
  return (left ?? '').localeCompare(right ?? '');
}

function byWas(left: { readonly [key: string]: unknown }, right: { readonly [key: string]: unknown }): number {
  return String(left['was']).localeCompare(String(right['was']));
}

describe('perform() with secrets', () => {
  const secretInput = { input: { map: { password: { secret: 'env:KNOWN' } } } };

  test('hides a secret in the record, in the message and in the output, raw and encoded', async () => {
    const plan = await fixture.planned([task('login', { operation: secretInput })], hosts(1));
    const encoded = Buffer.from(`user:${knownSecret}`).toString('base64');
    fixture.behave(({ context }) => {
      context.output.write('stdout', 0, Buffer.from(`got ${knownSecret.slice(0, 5)}`));
      context.output.write('stdout', 9, Buffer.from(`${knownSecret.slice(5)}\n`));
      return {
        status: 'failed',
        result: { exitCode: 1, stdout: `${knownSecret} ${encoded} ${encodeURIComponent(knownSecret)}` },
        error: { code: 'EXIT_CODE', message: `Cannot log in with ${knownSecret}` },
      };
    });

    const reply = await fixture.run(request(plan, 'login', onHosts(1)));

    expect(fixture.calls[0]?.input).toEqual({ password: knownSecret });
    const address = { runId, path: 'roll/host:web1/login', phase: 'do', generation: 1 };
    const output = Buffer.from(await fixture.store.outputs.read(address, 'stdout', 0, 1000)).toString();
    const everything = JSON.stringify([reply, await fixture.rows(), output]);
    expect(output).toMatch(/^got \*+\n$/);
    expect(everything).not.toContain(knownSecret);
    expect(everything).not.toContain(encodeURIComponent(knownSecret));
    expect(everything).not.toContain(Buffer.from(knownSecret).toString('base64').slice(2, 14));
  });

  test('a secret that cannot be resolved fails the host before anything is sent', async () => {
    const operation = { input: { map: { password: { secret: 'env:OTHER' } } } };
    const plan = await fixture.planned([task('login', { operation })], hosts(1));

    const reply = await fixture.run(request(plan, 'login', onHosts(1)));

    expect(reply).toMatchObject({ statuses: 'f', failures: [{ code: 'SECRET_MISSING' }] });
    expect(fixture.calls).toEqual([]);
  });

  test('`capture: secret` keeps the value sealed', async () => {
    const capture = { format: 'secret', from: 'stdout', limitBytes: 4096 } as const;
    const plan = await fixture.planned([task('token', { operation: { capture } })], hosts(1));
    fixture.behave(() => ({ result: { exitCode: 0, stdout: 'generated-token' } }));

    await fixture.run(request(plan, 'token', onHosts(1)));

    const [row] = await fixture.rows();
    expect(JSON.stringify(row)).not.toContain('generated-token');
    const path = z.string().parse(row?.captured['secret']);
    expect(path).toMatch(/^roll\/host:web1\/token\/sample:[0-9a-f]{12}$/);
    const address = { runId, path, phase: 'do', generation: 1 } as const;
    const sealed = Buffer.from(await fixture.store.outputs.read(address, 'secret', 0, 1000)).toString();
    expect(sealed).not.toContain('generated-token');
    expect(fixture.deps.seal.open(sealed)).toBe('generated-token');
    expect(await fixture.store.outputs.tail(runId, 0, 10)).toEqual([]);
  });
});

describe('perform() when the outcome is ambiguous', () => {
  test.each([
    { effect: 'unsafe', status: 'u' },
    { effect: 'journaled', status: 'u' },
    { effect: 'keyed', status: 'u' },
    { effect: 'idempotent', status: 'f' },
    { effect: 'read', status: 'f' },
  ] as const)('an effect that is $effect and stays unknown gives $status', async ({ effect, status }) => {
    const plan = await fixture.planned([task('install', { operation: { effect, timeoutMs: 1 } })], hosts(1));
    fixture.behave(() => ({ status: 'unknown' }));

    const reply = await fixture.run(request(plan, 'install', onHosts(1)));

    expect(reply.statuses).toBe(status);
  });

  test.each([
    { probe: 'succeeded', status: 's' },
    { probe: 'failed', status: 'f' },
    { probe: 'unknown', status: 'u' },
  ] as const)('a probe that $probe afterwards decides: $status', async ({ probe, status }) => {
    const probing = { ...task('p').operation, effect: 'unsafe' } as const;
    const plan = await fixture.planned([task('install', { probe: probing })], hosts(1));
    fixture.behave(({ context }) => {
      if (context.identity.phase === 'do') return { status: 'unknown' };
      return { status: context.identity.path.endsWith('before') ? 'failed' : probe };
    });

    const reply = await fixture.run(request(plan, 'install', onHosts(1)));

    expect(reply.statuses).toBe(status);
  });

  test('a probe that passes before the step leaves nothing to do and nothing to undo', async () => {
    const plan = await fixture.planned([task('install', { probe: task('p').operation })], hosts(1));

    const reply = await fixture.run(request(plan, 'install', onHosts(1)));

    expect(reply).toMatchObject({ statuses: 's', changed: '0' });
    expect(fixture.calls.map((call) => call.context.identity.phase)).toEqual(['probe']);
  });

  // D4, section 4 of the design: the engine never repeats blindly.
  test('unsafe work of a worker that was lost is not done again', async () => {
    const step = task('pay', { operation: { name: 'fake.worker', effect: 'unsafe' } });
    const plan = await fixture.planned([step], []);
    const asked = request(plan, 'pay', { path: 'pay' });
    fixture.behave(() => {
      throw new Error('the process died here');
    });
    await expect(fixture.run(asked)).rejects.toThrow('died');

    const reply = await fixture.run(asked, { number: 2 });

    expect(reply).toMatchObject({ statuses: 'u', failures: [{ code: 'WORKER_LOST' }] });
    expect(fixture.calls).toHaveLength(1);
  });

  test('a connector that throws is tried again by Temporal, but not for ever', async () => {
    const plan = await fixture.planned([task('install')], hosts(1));
    fixture.behave(() => {
      throw new Error('a bug');
    });
    const asked = request(plan, 'install', onHosts(1));

    await expect(fixture.run(asked, { number: 4 })).rejects.toThrow('a bug');
    expect(await fixture.run(asked, { number: 5 })).toMatchObject({
      statuses: 'u',
      failures: [{ code: 'CONNECTOR_FAILED' }],
    });
  });
});

describe('perform() with a poll', () => {
  test('samples until enough pass in a row', async () => {
    const poll = { everyMs: 1, withinMs: 10_000, consecutive: 2 };
    const plan = await fixture.planned([task('ready', { poll, operation: { effect: 'read' } })], hosts(1));
    const passes = [false, true, false, true, true];
    fixture.behave((_call, count) => ({ status: passes[count - 1] === true ? 'succeeded' : 'failed' }));

    const reply = await fixture.run(request(plan, 'ready', onHosts(1)));

    expect(reply.statuses).toBe('s');
    expect(fixture.calls.map((call) => call.context.identity.path.split('/').at(-1))).toEqual([
      'sample:1',
      'sample:2',
      'sample:3',
      'sample:4',
      'sample:5',
    ]);
  });

  test('expires as POLL_EXPIRED with the last sample', async () => {
    const poll = { everyMs: 5, withinMs: 4, consecutive: 1 };
    const plan = await fixture.planned([task('ready', { poll, operation: { effect: 'read' } })], hosts(1));
    fixture.behave(() => ({ status: 'failed', result: { exitCode: 22 } }));

    const reply = await fixture.run(request(plan, 'ready', onHosts(1)));

    expect(reply).toMatchObject({ statuses: 'f', failures: [{ code: 'POLL_EXPIRED' }] });
    expect(await fixture.rows()).toMatchObject([{ exitCode: 22 }]);
  });
});

describe('cancelJobs()', () => {
  const attempt = { signal: new AbortController().signal, number: 1 };

  test('writes what became of each job: finished, killed, never started (D2)', async () => {
    const plan = await fixture.planned([task('install')], hosts(3));
    await fixture.run(request(plan, 'install', { hosts: { set: 'all', indices: [0] } }));
    const controller = new AbortController();
    fixture.behave(async ({ context }) => {
      await context.dispatched({ rootId: 'root', bootId: 'boot' });
      controller.abort(new Error('cancelled'));
      throw new Error('stopped watching');
    });
    const second = request(plan, 'install', { hosts: { set: 'all', indices: [1] } });
    await expect(fixture.run(second, { signal: controller.signal })).rejects.toThrow();

    const reply = await cancelJobs(fixture.deps, { ...request(plan, 'install', onHosts(3)), graceMs: 1000 }, attempt);

    expect(reply.statuses).toBe('scn');
    expect(statuses(await fixture.rows())).toEqual({ web1: 'succeeded', web2: 'cancelled' });
  });
});
