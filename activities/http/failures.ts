import type { FailureSpec } from '../failure-spec';

export const httpFailures = {
  HTTP_UNREACHABLE: {
    retry: true,
    hint: 'Check the address, the name and that the service listens. Nothing was sent.',
  },
  HTTP_TLS_REJECTED: {
    retry: false,
    hint: 'Check the certificate of the service, or name its authority in the connection.',
  },
  HTTP_TIMEOUT: { retry: true, hint: 'Raise the timeout of the step, or look why the service is slow.' },
  HTTP_CONNECTION_LOST: { retry: true, hint: 'The service closed the connection before it had answered.' },
  HTTP_STATUS: { retry: true, hint: 'Look at the status and the body; `expect` or `pass` decides what is right.' },
  HTTP_ADDRESS_REFUSED: {
    retry: false,
    hint: 'This installation does not let runbooks call private addresses (MAINSTAY_HTTP_PRIVATE_ADDRESSES).',
  },
  HTTP_TOO_MANY_REDIRECTS: { retry: false, hint: 'Raise `maxRedirects`, or call the final address.' },
  HTTP_URL_INVALID: {
    retry: false,
    hint: 'Give an http or https address, or a path with a connection that has `baseUrl`.',
  },
} as const satisfies Record<string, FailureSpec>;
