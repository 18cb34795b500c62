import { byteLength, judge, judgeSample, keepAsIs, sampleCodes } from '../../../workflows/domain/outcome';
import type { JudgedOperation, Observed } from '../../../workflows/domain/outcome';

const operation: JudgedOperation = {
  name: 'ssh.exec',
  effect: 'journaled',
  capture: { format: 'text', from: 'stdout', limitBytes: 4096 },
};
const context = { scope: {}, keeping: keepAsIs };

function ran(over: Partial<Observed['result']> = {}, status: Observed['status'] = 'succeeded'): Observed {
  return { status, result: { exitCode: 0, stdout: '', stderr: '', ...over }, changed: true };
}

test.each<[string, Observed, Partial<JudgedOperation>, string, string | null]>([
  ['exit code 0', ran(), {}, 'succeeded', null],
  ['another exit code', ran({ exitCode: 3 }, 'failed'), {}, 'failed', 'EXIT_CODE'],
  [
    '`pass` that holds, whatever the exit code',
    ran({ exitCode: 3 }, 'failed'),
    { pass: 'result.exitCode == 3' },
    'succeeded',
    null,
  ],
  [
    '`pass` that does not hold, whatever the exit code',
    ran({ stdout: 'error\n' }),
    { pass: "result.stdout == ''" },
    'failed',
    'NOT_PASSED',
  ],
  [
    '`pass` that cannot be evaluated',
    ran(),
    { pass: 'result.exitCode.nothing.at(all)' },
    'failed',
    'EXPRESSION_FAILED',
  ],
  [
    'no answer at all: `pass` has nothing to judge',
    { status: 'failed', result: {}, changed: false, error: { code: 'SSH_UNREACHABLE', message: 'm' } },
    { pass: 'true' },
    'failed',
    'SSH_UNREACHABLE',
  ],
  ['an outcome that nobody knows', ran({}, 'unknown'), { pass: 'true' }, 'unknown', 'OUTCOME_UNKNOWN'],
  [
    'output that should be JSON and is not',
    ran({ stdout: '{' }),
    { capture: { ...operation.capture, format: 'json' } },
    'failed',
    'CAPTURE_INVALID',
  ],
  [
    'JSON of the wrong shape',
    ran({ stdout: '{"a": 1}' }),
    { capture: { ...operation.capture, format: 'json', schema: { required: ['b'] } } },
    'failed',
    'CAPTURE_INVALID',
  ],
])('judge() with %s', (_name, observed, over, status, code) => {
  const judged = judge(observed, { ...operation, ...over }, context);

  expect([judged.status, judged.error?.code ?? null]).toEqual([status, code]);
});

test('judge() keeps a command side by side, without trailing newlines', () => {
  const judged = judge(
    ran({ stdout: 'one\ntwo\n\n' }),
    { ...operation, capture: { ...operation.capture, format: 'lines' } },
    context,
  );

  expect(judged.captured).toEqual({ exitCode: 0, stdout: 'one\ntwo', stderr: '', lines: ['one', 'two'] });
});

test('judge() keeps any other operation as one result', () => {
  const judged = judge(
    { status: 'succeeded', result: { status: 200 }, changed: false },
    { ...operation, name: 'http.request' },
    context,
  );

  expect(judged.captured).toEqual({ result: { status: 200 } });
});

test('judge() cuts what is too long and says so', () => {
  const judged = judge(
    ran({ stdout: 'é'.repeat(100) }),
    { ...operation, capture: { ...operation.capture, limitBytes: 51 } },
    context,
  );

  const { stdout } = judged.captured;
  expect(typeof stdout === 'string' && byteLength(stdout) <= 51 && stdout.length > 20).toBe(true);
  expect(judged.captured['truncated']).toEqual(['stdout']);
});

test('judge() masks what is kept, and says so, while `pass` sees it as it is', () => {
  const keeping = { ...keepAsIs, mask: (text: string) => text.replaceAll('hunter2', '***') };

  const judged = judge(
    ran({ stdout: 'pw=hunter2' }),
    { ...operation, pass: "result.stdout == 'pw=hunter2'" },
    { scope: {}, keeping },
  );

  expect(judged).toMatchObject({ status: 'succeeded', captured: { stdout: 'pw=***', masked: ['stdout'] } });
});

test('judge() seals a secret capture and keeps nothing else', () => {
  const keeping = { ...keepAsIs, seal: () => 'sealed' };

  const judged = judge(
    ran({ stdout: 'key' }),
    { ...operation, capture: { ...operation.capture, format: 'secret' } },
    { scope: {}, keeping },
  );

  expect(judged.captured).toEqual({ secret: 'sealed', masked: ['stdout', 'result'] });
});

test('an operation that only reads changes nothing', () => {
  expect(judge(ran(), { ...operation, effect: 'read' }, context).changed).toBe(false);
});

test.each<[string, unknown, string | undefined, string | null]>([
  ['true', 1, undefined, null],
  ['false without `fail`', 2, undefined, sampleCodes.failed],
  ['false, and `fail` holds', 2, 'result.value == 2', sampleCodes.failed],
  ['false, and `fail` does not hold', 2, 'result.value == 3', sampleCodes.inconclusive],
  ['null', null, undefined, sampleCodes.noData],
])('R-ROLL-3: judgeSample() when `pass` gives %s', (_name, value, fail, code) => {
  const metric = {
    operation: { ...operation, name: 'http.request', pass: 'result.value == null ? null : result.value == 1' },
    ...(fail === undefined ? {} : { fail }),
  };

  const judged = judgeSample(
    { status: 'succeeded', result: { value: value === null ? null : Number(value) }, changed: false },
    metric,
    context,
  );

  expect(judged.error?.code ?? null).toBe(code);
});
