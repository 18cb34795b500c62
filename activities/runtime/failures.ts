import type { FailureSpec } from '../failure-spec';

/** What the engine itself says about a step, whatever the connector. */
export const runtimeFailures = {
  EXPRESSION_FAILED: { retry: false, hint: 'Look at the expression and at the values that it reads.' },
  ARGUMENT_LOOKS_LIKE_OPTION: { retry: false, hint: 'Put a literal -- before the argument.' },
  INPUT_INVALID: { retry: false, hint: 'Compare `with` with the input of the operation.' },
  NOT_PASSED: { retry: true, hint: 'Look at `pass` and at the recorded result.' },
  GATE_INCONCLUSIVE: { retry: true, hint: 'Neither `pass` nor `fail` of the gate holds.' },
  GATE_NO_DATA: { retry: true, hint: 'The gate found nothing to judge; see `noData`.' },
  POLL_EXPIRED: { retry: true, hint: 'Raise `poll.within`, or look why the target is not ready.' },
  CAPTURE_INVALID: { retry: false, hint: 'The output is not what `capture` says.' },
  OPERATION_FAILED: { retry: true, hint: 'Look at the recorded result.' },
  OPERATION_UNKNOWN: {
    retry: false,
    hint: 'Update the workers: the plan uses an operation that this one does not have.',
  },
  OPERATION_NEEDS_HOST: { retry: false, hint: 'Give the step `targets`, or use it in a rollout.' },
  CONNECTION_MISSING: { retry: false, hint: 'Make the plan again: it names a connection that it does not hold.' },
  CONNECTOR_FAILED: { retry: true, hint: 'Look at the log of the worker.' },
  OUTCOME_UNKNOWN: { retry: false, hint: 'Look at the target, then answer the task.' },
  WORKER_LOST: {
    retry: false,
    hint: 'The worker was lost while the operation went on. Look at the target, then answer the task.',
  },
  ENGINE_UNAVAILABLE: {
    retry: true,
    hint: 'No worker has finished the operation in time; check the workers and the store.',
  },
  PLAN_MISSING: {
    retry: false,
    hint: 'The store does not hold the plan: it was restored from an older copy, or it is another store.',
  },
  PLAN_STEP_MISSING: { retry: false, hint: 'Worker and plan do not fit together; update the workers.' },
  PLAN_HOST_MISSING: { retry: false, hint: 'Worker and plan do not fit together; update the workers.' },
} as const satisfies Record<string, FailureSpec>;
