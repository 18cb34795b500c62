import type { KeepReason, RetentionVerdict } from './retention';

/** `kept: weekly 3 of 4, hold "audit 2026"`, or `goes: no rule keeps it`. */
export function retentionText({ keep, reasons }: RetentionVerdict): string {
  return keep ? `kept: ${reasons.map(reasonText).join(', ')}` : 'goes: no rule keeps it';
}

/** `weekly 3 of 4` */
export function reasonText(reason: KeepReason): string {
  switch (reason.rule) {
    case 'last':
    case 'hourly':
    case 'daily':
    case 'weekly':
    case 'monthly':
    case 'yearly':
      return `${reason.rule} ${reason.rank} of ${reason.of}${reason.oldest ? ' (the oldest)' : ''}`;
    case 'floor':
      return `minimum redundancy ${reason.rank} of ${reason.of}`;
    case 'hold':
      return `hold "${reason.name}"`;
    case 'pin':
      return `in use by ${reason.by}`;
    case 'chain':
      return `in one chain with ${reason.with}`;
    case 'within':
    case 'window':
    case 'first-outside-window':
    case 'empty-policy':
    case 'foreign':
    case 'future':
    case 'not-superseded':
    case 'newest-verified':
    case 'newest-proven':
    case 'orphan':
      return plainTexts[reason.rule];
  }
}

const plainTexts = {
  within: 'young enough',
  window: 'within the recovery window',
  'first-outside-window': 'the first one outside the recovery window',
  'empty-policy': 'an empty policy deletes nothing',
  foreign: 'not made by Mainstay',
  future: 'dated in the future',
  'not-superseded': 'nothing good is newer',
  'newest-verified': 'the newest verified one',
  'newest-proven': 'the newest one whose service was started',
  orphan: 'what it needs is not known',
} as const;
