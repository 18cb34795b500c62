import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import axios from 'axios';

import { isPrivateAddress, lookupOf, resolveAddress } from '../../platform/http-address';
import { messageOf } from '../../platform/system-error';
import type { PrometheusFailureCode } from './failures';
import { Answer } from './schema';

export interface PrometheusQuery {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: string | undefined;
  readonly query: string;
  readonly time: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type PrometheusReply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly code: PrometheusFailureCode; readonly reason: string };

export interface PrometheusClient {
  ask(query: PrometheusQuery): Promise<PrometheusReply>;
  close(): void;
}

export interface PrometheusClientOptions {
  readonly privateAddresses: 'allow' | 'refuse';
}

/** Answers are series of a few hundred bytes; nobody judges a release by more than these. */
const mostAnswerBytes = 4 * 1024 * 1024;

export function createPrometheusClient({ privateAddresses }: PrometheusClientOptions): PrometheusClient {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return {
    async ask(query) {
      try {
        return await send(query);
      } catch (error) {
        if (query.signal.aborted) throw error;
        return failed('PROMETHEUS_UNREACHABLE', messageOf(error));
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };

  async function send({
    baseUrl,
    headers,
    ca,
    query,
    time,
    timeoutMs,
    signal,
  }: PrometheusQuery): Promise<PrometheusReply> {
    const url = new URL(`${baseUrl.replace(/\/+$/, '')}/api/v1/query`);
    const pinned = privateAddresses === 'allow' ? null : await resolveAddress(url.hostname);
    if (pinned !== null && isPrivateAddress(pinned.address))
      return failed('PROMETHEUS_ADDRESS_REFUSED', `it has the private address ${pinned.address}`);
    const response = await axios.post<unknown>(
      url.href,
      new URLSearchParams({ query, ...(time === undefined ? {} : { time }) }).toString(),
      {
        headers: { 'User-Agent': 'mainstay', 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        timeout: timeoutMs,
        signal,
        maxRedirects: 0,
        proxy: false,
        maxContentLength: mostAnswerBytes,
        validateStatus: () => true,
        httpAgent: agents.http,
        httpsAgent: ca === undefined ? agents.https : new HttpsAgent({ ca }),
        ...(pinned === null ? {} : { lookup: lookupOf(pinned) }),
      },
    );
    return read(response.status, response.data);
  }
}

/** Prometheus says what is wrong with a query in a body of its own, under 400 or 422; anything else in front of it does not. */
function read(status: number, body: unknown): PrometheusReply {
  const answer = Answer.safeParse(body);
  if (answer.success) return { kind: 'answer', answer: answer.data };
  if (status < 200 || status > 299) return failed('PROMETHEUS_REFUSED', `it answers with status ${status}`);
  return failed('PROMETHEUS_ANSWER_INVALID', 'its answer is not that of Prometheus');
}

function failed(code: PrometheusFailureCode, reason: string): PrometheusReply {
  return { kind: 'failed', code, reason };
}
