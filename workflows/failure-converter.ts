import { DefaultFailureConverter } from '@temporalio/common';

/** Messages and stack traces of failures go the way of payloads: what encrypts those hides these. Named as Temporal looks for it. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
