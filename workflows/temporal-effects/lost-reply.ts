import { ActivityFailure, ApplicationFailure, rootCause } from '@temporalio/workflow';

import { isRepeatable } from '../domain/effect-class';
import type { OperationReply } from '../domain/operation';
import type { OperationCall } from '../effects';

/** Codes with which an activity says that it had nothing to begin with: nothing was sent anywhere. */
const notBegun = ['PLAN_MISSING', 'PLAN_STEP_MISSING', 'PLAN_HOST_MISSING'];

/** No answer came, for longer than anybody wants to wait. What may have happened is unknown; what a repeat does not harm has failed. */
export function lostReply(call: OperationCall, error: unknown): OperationReply {
  const { request, effect } = call;
  const size = request.hosts?.indices.length ?? 1;
  const failure = codeAndMessage(call, error);
  const harmless = isRepeatable(effect) || notBegun.includes(failure.code);
  const positions = Array.from({ length: size }, (_, position) => position);
  return {
    statuses: (harmless ? 'f' : 'u').repeat(size),
    changed: (harmless ? '0' : '1').repeat(size),
    failures: [{ ...failure, positions }],
    record: {},
    digest: '',
  };
}

function codeAndMessage(
  { request }: OperationCall,
  error: unknown,
): { readonly code: string; readonly message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && typeof cause.type === 'string' && notBegun.includes(cause.type)) {
    return { code: cause.type, message: cause.message };
  }
  const found = rootCause(error) ?? 'no answer';
  return { code: 'ENGINE_UNAVAILABLE', message: `Cannot finish "${request.operation}": ${found}` };
}
