import type { FailureSpec } from './failure-spec';

/** Why somebody was not told, whatever the channel. */
export const noticeFailures = {
  ADDRESS_UNKNOWN: {
    retry: false,
    hint: 'Publish a Person document with an address in a channel that is set up, or let them look at "mainstay tasks".',
  },
  NOTICE_BROKEN: {
    retry: true,
    hint: 'The message could not be made: look at its reason and at the log of the worker.',
  },
  CHANNEL_GONE: {
    retry: false,
    hint: 'The channel, or the address in it, was taken away before the message went out.',
  },
} as const satisfies Record<string, FailureSpec>;
