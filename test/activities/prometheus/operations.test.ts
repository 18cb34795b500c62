import type { OperationContext, OperationResult } from '../../../activities/connector';
import { createPrometheus } from '../../../activities/prometheus/operations';
import { QueryOutput } from '../../../activities/prometheus/schema';
import { sampleOf } from '../../../workflows/domain/gate-analysis';
import { judgeSample, keepAsIs } from '../../../workflows/domain/outcome';
import type { JsonObject } from '../../../workflows/domain/json';
import { findPrometheus, startPrometheus } from '../../support/prometheus-server';
import type { PrometheusServer } from '../../support/prometheus-server';
import { startFakeService } from '../http/fake-service';
import type { FakeService } from '../http/fake-service';
import { operationContext } from '../operation-context';

const prometheus = createPrometheus({ privateAddresses: 'allow' });
let service: FakeService;

beforeEach(async () => {
  service = await startFakeService();
});
afterEach(() => service.close());
afterAll(() => prometheus.close());

async function ask(
  input: JsonObject,
  more: Partial<OperationContext> = {},
  connector = prometheus,
): Promise<OperationResult> {
  const operation = connector.operations['query'];
  if (operation === undefined) throw new Error('the connector has no query');
  return operation.perform(input, operationContext(more));
}

function vector(...values: readonly string[]): JsonObject {
  const result = values.map((value, index) => ({
    metric: { instance: `web${index + 1}` },
    value: [1_700_000_000, value],
  }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

/** What a gate's sample says to an answer of Prometheus. */
async function sampled(answer: unknown, noData: 'fail' | 'inconclusive' | 'pass', status = 200): Promise<string> {
  service.answer((_request, reply) => reply.code(status).send(answer));
  const observed = await ask({ url: service.url, query: 'errors' });
  const capture = { format: 'text', from: 'stdout', limitBytes: 4_096 } as const;
  const operation = { name: 'prometheus.query', effect: 'read', pass: 'result.value < 0.01', capture } as const;
  const judged = judgeSample(
    { ...observed },
    { operation, fail: 'result.value > 0.05' },
    { scope: {}, keeping: keepAsIs },
  );
  return sampleOf(judged.status !== 'succeeded', judged.error?.code ?? null, noData);
}

test('prometheus.query answers the value of the only series, as its schema says', async () => {
  service.answer(() => vector('0.25'));

  const { status, result, changed } = await ask({
    url: `${service.url}/prom/`,
    query: 'up{job="shop"}',
    time: 1_700_000_000,
  });

  expect({ status, changed }).toEqual({ status: 'succeeded', changed: false });
  expect(QueryOutput.parse(result)).toMatchObject({
    value: 0.25,
    series: [{ labels: { instance: 'web1' }, value: 0.25, text: '0.25' }],
    truncated: false,
    resultType: 'vector',
  });
  expect(service.received).toMatchObject([
    { method: 'POST', url: '/prom/api/v1/query', body: 'query=up%7Bjob%3D%22shop%22%7D&time=1700000000' },
  ]);
});

test('several series are listed, up to a hundred of them, and have no one value', async () => {
  service.answer(() => vector(...Array.from({ length: 101 }, (_, index) => String(index)), 'NaN', '+Inf'));

  const { result } = await ask({ url: service.url, query: 'x' });

  const { value, series, truncated } = QueryOutput.parse(result);
  expect([value, series.length, truncated]).toEqual([null, 100, true]);
});

test.each([
  ['good', 'fail', 'successful', vector('0.001')],
  ['bad', 'fail', 'failed', vector('0.5')],
  ['in between', 'fail', 'inconclusive', vector('0.03')],
  ['no series', 'fail', 'failed', vector()],
  ['no series', 'inconclusive', 'inconclusive', vector()],
  ['no series', 'pass', 'successful', vector()],
  ['NaN', 'fail', 'failed', vector('NaN')],
  ['nothing but NaN', 'inconclusive', 'inconclusive', vector('NaN', 'NaN')],
  ['what nobody can compare', 'pass', 'error', vector('+Inf')],
  ['several, of which none is the value', 'pass', 'error', vector('0.1', '0.2')],
  ['a range', 'pass', 'error', { status: 'success', data: { resultType: 'matrix', result: [] } }],
  ['another service', 'pass', 'error', { hello: 'world' }],
] as const)('a sample of a gate over %s, with noData %s, is %s (R-ROLL-3)', async (_, noData, verdict, answer) => {
  expect(await sampled(answer, noData)).toBe(verdict);
});

test.each([
  [400, { status: 'error', errorType: 'bad_data', error: 'parse error' }, 'PROMETHEUS_QUERY_INVALID'],
  [422, { status: 'error', errorType: 'execution', error: 'many-to-many' }, 'PROMETHEUS_QUERY_INVALID'],
  [401, 'who are you', 'PROMETHEUS_REFUSED'],
  [503, { status: 'starting' }, 'PROMETHEUS_REFUSED'],
  [200, '<html>', 'PROMETHEUS_ANSWER_INVALID'],
])('status %i with %j is %s', async (status, answer, code) => {
  service.answer((_request, reply) => reply.code(status).send(answer));

  expect((await ask({ url: service.url, query: 'x' })).error?.code).toBe(code);
});

test('a server that is not there, or does not answer in time, cannot be measured by (R-ROLL-3)', async () => {
  const other = await startFakeService();
  await other.close();
  service.answer(() => new Promise(() => {}));

  const late = await ask({ url: service.url, query: 'x' }, { timeoutMs: 200 });
  const gone = await ask({ url: other.url, query: 'x' });

  expect([late.error?.code, gone.error?.code]).toEqual(['PROMETHEUS_UNREACHABLE', 'PROMETHEUS_UNREACHABLE']);
});

test('the secrets of a connection go to its own origin only', async () => {
  const other = await startFakeService();
  for (const each of [service, other]) each.answer(() => vector('1'));
  const settings = { baseUrl: service.url, auth: { bearer: 'S3cr3t' } };
  const connection = { connection: { name: 'monitoring', type: 'prometheus', settings } };

  await ask({ query: 'x' }, connection);
  await ask({ query: 'x', url: other.url }, connection);
  await other.close();

  expect(service.received[0]?.headers['authorization']).toBe('Bearer S3cr3t');
  expect(other.received[0]?.headers['authorization']).toBeUndefined();
});

test('private addresses are refused where the installation says so', async () => {
  const strict = createPrometheus({ privateAddresses: 'refuse' });

  const { error } = await ask({ url: service.url, query: 'x' }, {}, strict);

  expect([error?.code, service.received]).toEqual(['PROMETHEUS_ADDRESS_REFUSED', []]);
});

const program = findPrometheus();

(program === null ? describe.skip : describe)('against a real Prometheus', () => {
  let server: PrometheusServer;
  let shop: FakeService;

  beforeAll(async () => {
    shop = await startFakeService();
    shop.answer((_request, reply) => reply.type('text/plain').send('errors_ratio 0.02\nempty_ratio NaN\n'));
    server = await startPrometheus(program ?? '', [new URL(shop.url).host]);
  }, 30_000);
  afterAll(async () => {
    await server.stop();
    await shop.close();
  });

  test('values, NaN, nothing at all and a wrong query are told apart (R-ROLL-3)', async () => {
    const query = (text: string): Promise<OperationResult> => ask({ url: server.url, query: text });
    for (const until = Date.now() + 15_000; Date.now() < until;) {
      if ((await query('errors_ratio')).status === 'succeeded') break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }

    const [value, scalar, nan, nothing, wrong, range] = await Promise.all(
      ['errors_ratio', 'scalar(errors_ratio) * 2', 'empty_ratio', 'no_such_metric', 'sum(', 'errors_ratio[1m]'].map(
        query,
      ),
    );

    expect([value?.result['value'], scalar?.result['value']]).toEqual([0.02, 0.04]);
    expect([nan, nothing, wrong, range].map((each) => each?.error?.code)).toEqual([
      'GATE_NO_DATA',
      'GATE_NO_DATA',
      'PROMETHEUS_QUERY_INVALID',
      'PROMETHEUS_RESULT_UNUSABLE',
    ]);
  }, 30_000);
});
