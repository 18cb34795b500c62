import { defineLifecycle } from '../domain/lifecycle';

/**
 * The states of a change and what leads from one to the next. Procedure, API, documentation and tests read this table.
 * `overrun`, `unauthorised` and `unregularised` are flags beside any state, never states (R-WIN-4).
 */
export const changeLifecycle = defineLifecycle({
  draft: { assess: 'assessing', authorise: 'authorising', schedule: 'scheduled', cancel: 'cancelled' },
  assessing: { authorise: 'authorising', schedule: 'scheduled', revise: 'draft', cancel: 'cancelled' },
  authorising: {
    approve: 'scheduled',
    reject: 'draft',
    revise: 'draft',
    reauthorise: 'authorising',
    expire: 'expired',
    cancel: 'cancelled',
  },
  scheduled: {
    start: 'implementing',
    hold: 'held',
    reauthorise: 'authorising',
    reschedule: 'scheduled',
    revise: 'draft',
    cancel: 'cancelled',
  },
  held: {
    release: 'scheduled',
    reauthorise: 'authorising',
    reschedule: 'scheduled',
    revise: 'draft',
    cancel: 'cancelled',
  },
  implementing: { complete: 'reviewing', backOut: 'backing-out' },
  // A run that was through when it was called back has nothing left to undo by itself: the review says what becomes of it.
  'backing-out': { backedOut: 'backed-out', fail: 'back-out-failed', complete: 'reviewing' },
  'backed-out': { review: 'reviewing' },
  'back-out-failed': { review: 'reviewing' },
  reviewing: { close: 'closed' },
  closed: {},
  cancelled: {},
  expired: {},
});

export type ChangePhase = (typeof changeLifecycle.states)[number];
export type ChangeEvent = Parameters<typeof changeLifecycle.can>[1];
