/** Why a change does not do what it is asked for, and what would allow it. */
export const changeRefusals: { readonly [code: string]: string } = {
  CHANGE_STATE: 'Look at its phase with "mainstay change show CHG-N": each phase allows other acts.',
  CHANGE_CLOSED: 'Open another change: this one is over.',
  CHANGE_CONFLICTS:
    'Reschedule it to a time that is named as free, or agree with the owner of the other change; "mainstay change plan CHG-N" lists them.',
  LEAD_TIME_SHORT: 'Start the window later, or use a model with a shorter lead time.',
  WINDOW_EMPTY: 'Give a window that ends after it starts.',
  WINDOW_OVER: 'Reschedule it: "mainstay change reschedule CHG-N --window-start … --window-end …".',
  WINDOW_TOO_SHORT: 'Make the window longer or the cutoff shorter: it contains the back-out and its safety.',
  EXTENSION_ASKED: 'Wait for the vote on the extension that is asked for already.',
  EXTENSION_REFUSED: 'Look at why: an added stretch must be free of other changes and of closed calendars.',
  REVIEW_OUTCOME: 'Choose one of the outcomes that are named.',
  REVIEW_TICKETS: 'Give a ticket for each exception: --ticket "EXCEPTION=TICKET".',
  QUORUM_UNREACHABLE:
    'Publish teams with enough people who are active and neither requester nor implementer: the shipped teams are empty.',
  MODEL_NOT_FOUND: 'Publish the model, or use change/standard, change/normal or change/emergency.',
  POLICY_NOT_FOUND: 'Publish the approval policy that the model names.',
  ANSWER_MISSING: 'Answer it: --answer "QUESTION=ANSWER".',
  ANSWER_UNKNOWN: 'Take the answer out: the model does not ask it.',
  FIELD_INVALID: 'Give the field as the model declares it: --field name=value.',
  BACK_OUT_INCOMPLETE: 'Give each step that is named an `undo`, or say `undo: none` on purpose.',
  DURATION_UNKNOWN: 'Give the step an `estimate`, or use a model that says `unknownDuration: timeout`.',
  DRILL_TOO_OLD:
    'Have a drill pass first: "mainstay backup drill PLAN --wait"; a model that says `provenRestore: false` does not ask for it.',
  REQUESTER_NOT_ALLOWED: 'Use another model, or have somebody open it who may.',
  REQUESTER_BLOCKED: 'Have a second person approve the emergency change that is named, or use another model.',
  TARGET_OUT_OF_SCOPE: 'Take the hosts out, or have somebody open it whose team works on them.',
};
