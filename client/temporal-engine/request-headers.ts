import type { Headers, WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

import { currentRequestId } from '../../platform/request-context';

/** Of what a request has started or told: it stands in the history of the workflow. */
export const requestHeader = 'mainstay-request-id';

/** Writes the id of the request into every start, signal and update that it leads to. Workflows do not read it. */
export const requestHeaders: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => next(marked(input)),
  signal: (input, next) => next(marked(input)),
  signalWithStart: (input, next) => next(marked(input)),
  startUpdate: (input, next) => next(marked(input)),
};

function marked<I extends { readonly headers: Headers }>(input: I): I {
  const id = currentRequestId();
  if (id === null) return input;
  return { ...input, headers: { ...input.headers, [requestHeader]: defaultPayloadConverter.toPayload(id) } };
}
