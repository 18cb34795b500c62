import { runFailures } from '../workflows/domain/run-failures';
import { secretFailures } from '../platform/secrets';
import { chatFailures } from './chat/failures';
import { coreFailures } from './core/failures';
import type { FailureSpec } from './failure-spec';
import { httpFailures } from './http/failures';
import { mailFailures } from './mail/failures';
import { matrixFailures } from './matrix/failures';
import { noticeFailures } from './notice-failures';
import { notifyFailures } from './notify/failures';
import { ntfyFailures } from './ntfy/failures';
import { prometheusFailures } from './prometheus/failures';
import { runtimeFailures } from './runtime/failures';
import { sshFailures } from './ssh/failures';
import { teamsFailures } from './teams/failures';

/** Every code that a step, or a message to somebody, can fail with. A code stands in exactly one of the tables that are joined here. */
export const failures = {
  ...runFailures,
  ...runtimeFailures,
  ...secretFailures,
  ...coreFailures,
  ...httpFailures,
  ...prometheusFailures,
  ...sshFailures,
  ...noticeFailures,
  ...mailFailures,
  ...chatFailures,
  ...teamsFailures,
  ...matrixFailures,
  ...ntfyFailures,
  ...notifyFailures,
} as const satisfies Record<string, FailureSpec>;
