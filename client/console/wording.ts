/** The one place for words that stand in more than one place. */
export const wording = {
  product: 'Mainstay',
  loading: 'Loading …',
  noAnswer: 'Cannot reach the server',
  tryAgain: 'Try again in a moment.',
  request: 'request',
  any: 'Any',
  clearFilters: 'Clear filters',
  close: 'Close',
  cancel: 'Cancel',
  dismiss: 'Dismiss',
  more: 'Load more',
  startRun: 'Start a run',
  signOut: 'Sign out',
  notifications: 'Notifications',
  copied: 'Copied',
  journaled: 'Stands in the journal',
  live: 'Live',
  polling: 'Every few seconds',
  nav: {
    home: 'Home',
    runs: 'Runs',
    tasks: 'Tasks',
    changes: 'Changes',
    backups: 'Backups',
    definitions: 'Definitions',
    inventory: 'Inventory',
    schedules: 'Schedules',
    locks: 'Locks',
    audit: 'Audit',
    access: 'People and access',
  },
} as const;

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
