/** Codes that a run itself gives: what people, time limits and budgets decide. Those of operations stand with their connectors. */
export const runFailures = {
  APPROVAL_REJECTED: { retry: false, hint: 'Look at the comment of the approver, change the plan, ask again.' },
  QUORUM_UNREACHABLE: {
    retry: true,
    hint: 'Too few of those whom the policy names may vote: look at its teams and rosters, at who has left, and at the requester.',
  },
  APPROVAL_IMPOSSIBLE: { retry: false, hint: 'The policy cannot be followed here; the message says why.' },
  TASK_OVERDUE: { retry: true, hint: 'Nobody answered in time: raise `due`, or name more people.' },
  EVENT_OVERDUE: { retry: true, hint: 'The event did not come in time: look at its sender, or raise `due`.' },
  GIVEN_UP: { retry: false, hint: 'Somebody decided that the step failed, since its outcome could not be known.' },
  HOST_DEADLINE: { retry: true, hint: 'Raise `rollout.hostDeadline`, or look what took so long on the host.' },
  ROLLOUT_FAILED: { retry: true, hint: 'Look at the failed hosts, then resume the run for them.' },
  GATE_NOT_PASSED: { retry: true, hint: 'Look at the samples of the gate.' },
  BACKED_OUT: { retry: true, hint: 'The run was asked to back out, by a person or by its change; resume it to go on.' },
  UNDO_FAILED: {
    retry: false,
    hint: 'A host stands between its old and its new state: put it in order, free its locks, then resume the run.',
  },
  UNDO_REFUSED: {
    retry: false,
    hint: 'Somebody decided to leave what cannot be taken back as a whole; restore it by its own plan.',
  },
  LOOP_FAILED: { retry: true, hint: 'Look at the failed items, then resume the run for them.' },
  LOOP_INVALID: { retry: false, hint: 'Give `in` a list, and `key` a text for each item.' },
  DUPLICATE_KEY: { retry: false, hint: 'Choose a `key` that tells the items apart.' },
  CHILD_FAILED: { retry: true, hint: 'Look at the run that the step started.' },
  LATE_INPUT_INVALID: {
    retry: false,
    hint: 'A value below `with` is not what the runbook declares: look at the step that it comes from.',
  },
  RESUME_REFUSED: {
    retry: false,
    hint: 'Nothing was done. Name a step that failed or the container around it, or leave `--from` away.',
  },
  OUTPUT_INVALID: { retry: false, hint: 'An output is not of the type that the runbook declares for it.' },
  CANCELLED: { retry: true, hint: 'Somebody cancelled the run; resume it to go on.' },
  CONCURRENCY_REFUSED: { retry: true, hint: 'Wait for the other runs, or set `onConflict: wait`.' },
  REDUNDANCY_EXHAUSTED: {
    retry: false,
    hint: 'Repair the hosts that were left out, then resume, or free their seats (`mainstay locks free NAME --reason TEXT`) once they are back. If another run waits for a lock of this one, let one of the two end first.',
  },
  NO_TARGETS: { retry: false, hint: 'Look at `only`, or set `allowEmpty`.' },
  TARGETS_INVALID: { retry: false, hint: 'Give `only` a list of names.' },
  TARGET_NOT_IN_PLAN: { retry: false, hint: 'Only hosts of `from` can be chosen while the run goes on.' },
  CALENDAR_NOT_PUBLISHED: {
    retry: true,
    hint: 'Publish the calendar with "mainstay apply FILE", then resume the run.',
  },
  WAIT_INVALID: { retry: false, hint: 'Give the wait a duration such as PT10M, or a time.' },
  OUTPUT_TRUNCATED: { retry: false, hint: 'Use `capture` to keep more, or make the output smaller.' },
  OUTPUT_MASKED: { retry: false, hint: 'The output held a secret: expressions may not read it.' },
} as const satisfies { readonly [code: string]: { readonly retry: boolean; readonly hint: string } };
