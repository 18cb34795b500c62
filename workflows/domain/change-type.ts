/** What a change model says of its changes: which gates they pass. */
export type ChangeType = 'standard' | 'normal' | 'emergency';
