import type { ConnectorImplementation, OperationContext, OperationResult } from '../connector';
import { createPrometheusClient } from './client';
import type { PrometheusClient, PrometheusClientOptions, PrometheusReply } from './client';
import { PrometheusConnection, QueryInput } from './schema';
import type { Answer, QueryOutput, Series } from './schema';

export function createPrometheus(options: PrometheusClientOptions): ConnectorImplementation {
  const client = createPrometheusClient(options);
  return {
    operations: { query: { perform: (input, context) => query(client, QueryInput.parse(input), context) } },
    close() {
      client.close();
      return Promise.resolve();
    },
  };
}

async function query(client: PrometheusClient, input: QueryInput, context: OperationContext): Promise<OperationResult> {
  const startedAt = Date.now();
  const connection = connectionOf(context);
  const baseUrl = input.url ?? connection?.baseUrl;
  if (baseUrl === undefined)
    return failed(
      'PROMETHEUS_ADDRESS_MISSING',
      'Cannot ask Prometheus: the step has neither a connection nor a url',
      startedAt,
    );
  const trusted = connection !== null && new URL(baseUrl).origin === new URL(connection.baseUrl).origin;
  const reply = await client.ask({
    baseUrl,
    // The connection's secrets go only to the connection's own origin.
    headers: trusted ? { ...authorization(connection), ...connection.headers } : {},
    ca: connection?.ca,
    query: input.query,
    time: input.time === undefined ? undefined : String(input.time),
    timeoutMs: context.timeoutMs,
    signal: context.signal,
  });
  return judged(input, { reply, host: new URL(baseUrl).host }, startedAt);
}

function connectionOf({ connection }: OperationContext): PrometheusConnection | null {
  return connection === undefined
    ? null
    : PrometheusConnection.parse({ ...connection.settings, type: connection.type });
}

function authorization({ auth }: PrometheusConnection): Readonly<Record<string, string>> {
  if (auth === undefined) return {};
  if ('bearer' in auth) return { Authorization: `Bearer ${auth.bearer}` };
  return { Authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}` };
}

function judged(
  input: QueryInput,
  { reply, host }: { readonly reply: PrometheusReply; readonly host: string },
  startedAt: number,
): OperationResult {
  if (reply.kind === 'failed')
    return failed(reply.code, `Cannot ask Prometheus at "${host}": ${reply.reason}`, startedAt);
  const { answer } = reply;
  if (answer.status === 'error')
    return failed(
      'PROMETHEUS_QUERY_INVALID',
      `Cannot ask Prometheus at "${host}": ${answer.errorType}: ${answer.error}`,
      startedAt,
    );
  const found = seriesOf(answer.data);
  if (found === null)
    return failed(
      'PROMETHEUS_RESULT_UNUSABLE',
      `Cannot use the answer of "${host}": it is a ${answer.data.resultType}, expected a vector or a scalar`,
      startedAt,
    );
  // R-ROLL-3: what a gate makes of no data is its own policy.
  if (input.whenEmpty === 'fail' && found.series.every(({ text }) => text === 'NaN'))
    return failed(
      'GATE_NO_DATA',
      `Cannot judge the query: ${found.series.length === 0 ? 'no series matches' : 'its value is NaN'}`,
      startedAt,
    );
  const endedAt = Date.now();
  return {
    status: 'succeeded',
    result: { ...resultOf(found, endedAt - startedAt) },
    changed: false,
    startedAt,
    endedAt,
  };
}

type Data = Extract<Answer, { readonly status: 'success' }>['data'];

interface Found {
  readonly series: readonly Series[];
  readonly resultType: 'scalar' | 'vector';
}

/** Null: a range of values, or a text. */
function seriesOf(data: Data): Found | null {
  switch (data.resultType) {
    case 'scalar':
      return { series: [oneSeries({}, data.result[1])], resultType: 'scalar' };
    case 'vector':
      return {
        // Without a value it is a histogram.
        series: data.result.flatMap(({ metric, value }) => (value === undefined ? [] : [oneSeries(metric, value[1])])),
        resultType: 'vector',
      };
    case 'matrix':
    case 'string':
      return null;
  }
}

function oneSeries(labels: Readonly<Record<string, string>>, text: string): Series {
  const value = Number(text);
  return { labels: { ...labels }, value: Number.isFinite(value) ? value : null, text };
}

/** More than anybody looks at one by one; a row keeps 4 KiB of them. */
const seriesKept = 100;

function resultOf({ series, resultType }: Found, durationMs: number): QueryOutput {
  const [first, ...others] = series;
  return {
    value: first === undefined || others.length > 0 ? null : first.value,
    series: series.slice(0, seriesKept),
    truncated: series.length > seriesKept,
    resultType,
    durationMs,
  };
}

function failed(code: string, message: string, startedAt: number): OperationResult {
  return { status: 'failed', result: {}, changed: false, error: { code, message }, startedAt, endedAt: Date.now() };
}
