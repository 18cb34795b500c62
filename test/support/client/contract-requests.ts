import { request } from 'node:http';

import fc from 'fast-check';

import { components } from './contract-document';
import type { Operation } from './contract-document';
import { hostile, hostileText, objectOf, valid } from './from-schema';
import type { JsonSchema } from './from-schema';

/** A request as it goes over the wire. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export const json = { 'content-type': 'application/json' };

/** What the paths may name: of the caller's own scope, and of another one. */
export interface Names {
  readonly own: (name: string) => string;
  readonly other: (name: string) => string;
}

/** What is right for a route, and what is not. */
export function requests({ path, method, operation }: Operation, names: Names): fc.Arbitrary<Sent> {
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].map(objectOf) : [];
  const inQuery = parameters.filter((parameter) => parameter['in'] === 'query');
  const query = fc.tuple(
    ...inQuery.map((parameter) => queryPart(String(parameter['name']), objectOf(parameter['schema']))),
  );
  const body = method === 'POST' ? bodies(operation) : fc.constant({ body: null, headers: {} });
  return fc.tuple(filledPath(path, names), query, body, oddHeaders).map(([filledIn, parts, sentBody, odd]) => {
    const search = parts.filter((part) => part !== '').join('&');
    return {
      method,
      path: search === '' ? filledIn : `${filledIn}?${search}`,
      body: sentBody.body,
      headers: { ...odd, ...sentBody.headers },
    };
  });
}

/** Our own, other people's, and what is nobody's. */
function filledPath(path: string, { own, other }: Names): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
  const parts = names.map((name) =>
    fc.oneof(
      fc.constant('own').map(() => encodeURIComponent(own(name))),
      fc.constant('other').map(() => encodeURIComponent(other(name))),
      fc.constantFrom('..%2f..%2fetc%2fpasswd', '%00', '%2e%2e', 'x', '-1', '%E0%A4%A', '1%2C2'),
      hostileText.map((text) => encodeURIComponent(wellFormed(text)).slice(0, 4_000) || 'x'),
    ),
  );
  return fc.tuple(...parts).map((filledIn) => {
    const values = new Map(names.map((name, index) => [name, filledIn[index] ?? 'x'] as const));
    return `/api/v1${path.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => values.get(name) ?? 'x')}`;
  });
}

function queryPart(name: string, schema: JsonSchema): fc.Arbitrary<string> {
  const good = valid(schema, components).map((value) => `${name}=${encodeURIComponent(wellFormed(String(value)))}`);
  const bad = hostileText.map((text) => `${name}=${encodeURIComponent(wellFormed(text))}`);
  const twice = fc.tuple(good, bad).map((both) => both.join('&'));
  return fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 3, arbitrary: good }, bad, twice);
}

/** Half a character cannot stand in an address. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function bodies(operation: JsonSchema): fc.Arbitrary<{ body: string; headers: Record<string, string> }> {
  const content = objectOf(objectOf(operation['requestBody'])['content']);
  const schema = objectOf(objectOf(content['application/json'])['schema']);
  const told = (arbitrary: fc.Arbitrary<unknown>) =>
    arbitrary.map((value) => ({ body: JSON.stringify(value) ?? 'null', headers: json }));
  return fc.oneof(
    { weight: 4, arbitrary: told(valid(schema, components)) },
    { weight: 4, arbitrary: told(hostile(schema, components)) },
    fc.constantFrom('{', '', '{"a":1}{"b":2}', '\u0000', '[1,').map((body) => ({ body, headers: json })),
    fc.constantFrom('text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense').map((type) => ({
      body: '{"choice":"approve"}',
      headers: { 'content-type': type },
    })),
  );
}

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.constantFrom(
  {},
  {},
  { 'idempotency-key': 'k'.repeat(5_000) },
  { 'idempotency-key': '__proto__' },
  { 'last-event-id': '-1' },
  { 'last-event-id': '99999999999999999999' },
  { range: 'bytes=5-1' },
  { range: 'bytes=-0' },
  { range: 'bytes=99999999999-' },
  { accept: 'image/png' },
);

export function send(port: number, { method, path, headers, body }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const reply = { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' };
      const chunks: Buffer[] = [];
      const done = () => resolve({ ...reply, text: Buffer.concat(chunks).toString('utf8') });
      // A feed has no end: what it began with is what it says.
      if (reply.type.startsWith('text/event-stream')) response.once('data', () => response.destroy());
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('close', done);
    });
    sent.once('error', reject);
    sent.end(body ?? undefined);
  });
}
