/** Why the engine does not start, or is not moved. A message says what was found; its own hint may say more than the one here. */
export const platformFailures = {
  CHILD_NOT_READY: { hint: 'Look at the end of the log that the message names.' },
  DATA_DIRECTORY_IN_USE: {
    hint: 'Use the Mainstay that runs there, stop it, or choose another directory with --data.',
  },
  NOT_BUILT: { hint: 'Run "npm run build" first.' },
  NOT_READY_IN_TIME: { hint: 'Look at the logs in the data directory, then try again.' },
  NOTHING_TO_UPGRADE: { hint: 'Name the data directory with --data, or start it with "mainstay up".' },
  PAYLOAD_KEY_UNKNOWN: {
    hint: 'Add the key of that id to MAINSTAY_PAYLOAD_KEYS, behind the first: what it has encrypted needs it.',
  },
  PAYLOAD_KEYS_MISSING: {
    hint: 'Set MAINSTAY_PAYLOAD_KEYS="2026-1:$(openssl rand -base64 32)" for every worker and API, and keep it safe; or set MAINSTAY_PAYLOAD_ENCRYPTION=off.',
  },
  PORT_IN_USE: { hint: 'Leave --port away to get a free one, or name another.' },
  RUNS_OPEN: { hint: 'Let the open runs and changes end or cancel them, stop "mainstay up", and upgrade then.' },
  SEARCH_ATTRIBUTES_MISSING: {
    hint: 'Let an administrator of your Temporal server add the search attributes that are named.',
  },
  SERVER_FILE_EXISTS: { hint: 'Move the file that is named away: nobody knows what runs it holds.' },
  SERVER_IS_YOURS: { hint: 'Upgrade your Temporal server by its own instructions, or unset TEMPORAL_ADDRESS.' },
  SERVER_STILL_RUNS: { hint: 'End the Temporal server of an earlier start by hand, then try again.' },
  SERVER_VERSION_NEWER: { hint: 'Install the newer Mainstay: a data directory is never moved back.' },
  SERVER_VERSION_UNREADABLE: {
    hint: 'Restore versions.json in the data directory; temporal-<version>.db beside it names the version.',
  },
  STORE_UNREACHABLE: { hint: 'Check DATABASE_URL, or the file store.db in the data directory.' },
  TEMPORAL_NOT_FOUND: {
    hint: 'Set TEMPORAL_ADDRESS, put the program "temporal" of the named version on PATH, or install Go.',
  },
  TEMPORAL_UNREACHABLE: { hint: 'Check TEMPORAL_ADDRESS, its TLS settings, and that the server is up.' },
} as const satisfies Record<string, { readonly hint: string }>;

export type PlatformFailureCode = keyof typeof platformFailures;
