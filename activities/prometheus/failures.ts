import type { FailureSpec } from '../failure-spec';

export const prometheusFailures = {
  PROMETHEUS_UNREACHABLE: {
    retry: true,
    hint: 'Check the address, its certificate, and that Prometheus answers in time.',
  },
  PROMETHEUS_REFUSED: { retry: true, hint: 'Look at the status: a login of the connection, a proxy, an overload.' },
  PROMETHEUS_QUERY_INVALID: { retry: false, hint: 'Try the query in the web interface of Prometheus.' },
  PROMETHEUS_ANSWER_INVALID: { retry: true, hint: 'Check that the address is that of a Prometheus server.' },
  PROMETHEUS_RESULT_UNUSABLE: {
    retry: false,
    hint: 'Ask for an instant: a function such as rate() or max_over_time() around a range.',
  },
  PROMETHEUS_ADDRESS_MISSING: { retry: false, hint: 'Name a connection of type prometheus, or give `url`.' },
  PROMETHEUS_ADDRESS_REFUSED: {
    retry: false,
    hint: 'This installation does not let runbooks call private addresses (MAINSTAY_HTTP_PRIVATE_ADDRESSES).',
  },
} as const satisfies Record<string, FailureSpec>;

export type PrometheusFailureCode = keyof typeof prometheusFailures;
