import { z } from 'zod';

const Method = z.enum(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);
const Headers = z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'Expected a header name'), z.string());
const Scalar = z.union([z.string(), z.number(), z.boolean()]);

export const RequestInput = z.strictObject({
  /** Absolute, or a path below the connection's `baseUrl`. */
  url: z.string(),
  method: Method.default('GET'),
  query: z.record(z.string(), Scalar).default({}),
  headers: Headers.default({}),
  /** Sent as JSON. At most one of `json`, `text` and `form`. */
  json: z.json().optional(),
  text: z.string().optional(),
  form: z.record(z.string(), Scalar).optional(),
  /** Statuses that count as success; absent: 200 to 299. */
  expect: z.array(z.int().min(100).max(599)).min(1).optional(),
  maxRedirects: z.int().min(0).max(10).default(5),
  /** Of the body; the rest is not read. */
  maxBytes: z
    .int()
    .min(0)
    .max(4 * 1024 * 1024)
    .default(256 * 1024),
});
export type RequestInput = z.infer<typeof RequestInput>;

export const RequestOutput = z.strictObject({
  status: z.int(),
  /** Names in lower case; several values joined by a comma. */
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** The body as JSON, null where it is none. */
  json: z.json(),
  /** The body was longer than `maxBytes`. */
  truncated: z.boolean(),
  url: z.string(),
  durationMs: z.number(),
});
export type RequestOutput = z.infer<typeof RequestOutput>;

export const HttpConnection = z.strictObject({
  type: z.literal('http'),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  auth: z
    .union([z.strictObject({ bearer: z.string() }), z.strictObject({ username: z.string(), password: z.string() })])
    .optional(),
  /** PEM of the authority that signed the service's certificate. */
  ca: z.string().optional(),
});
export type HttpConnection = z.infer<typeof HttpConnection>;
