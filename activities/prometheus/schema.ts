import { z } from 'zod';

export const QueryInput = z.strictObject({
  /** PromQL; one instant of it is asked for. */
  query: z.string().min(1).max(10_000),
  /** Absent: the connection's `baseUrl`. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** An instant such as 2026-11-21T09:00:00Z, or seconds since 1970; absent: now. */
  time: z.union([z.iso.datetime({ offset: true }), z.number().min(0)]).optional(),
  /** No series, or nothing but NaN: a failure that a gate knows as no data, or a `value` of null. */
  whenEmpty: z.enum(['fail', 'null']).default('fail'),
});
export type QueryInput = z.infer<typeof QueryInput>;

const Series = z.strictObject({
  labels: z.record(z.string(), z.string()),
  /** Null: NaN or infinite. */
  value: z.number().nullable(),
  /** As Prometheus writes it: `0.25`, `NaN`, `+Inf`. */
  text: z.string(),
});
export type Series = z.infer<typeof Series>;

export const QueryOutput = z.strictObject({
  /** Of the only series; null where there are several, or none. */
  value: z.number().nullable(),
  series: z.array(Series),
  /** There were more than are listed. */
  truncated: z.boolean(),
  resultType: z.enum(['scalar', 'vector']),
  durationMs: z.number(),
});
export type QueryOutput = z.infer<typeof QueryOutput>;

export const PrometheusConnection = z.strictObject({
  type: z.literal('prometheus'),
  baseUrl: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  auth: z
    .union([z.strictObject({ bearer: z.string() }), z.strictObject({ username: z.string(), password: z.string() })])
    .optional(),
  /** PEM of the authority that signed the service's certificate. */
  ca: z.string().optional(),
});
export type PrometheusConnection = z.infer<typeof PrometheusConnection>;

const Point = z.tuple([z.number(), z.string()]);

/** What the API answers to an instant query; a range or a text is no single value. */
export const Answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: Point }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: Point.optional() })),
      }),
      z.object({ resultType: z.enum(['matrix', 'string']) }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;
