import { z } from 'zod';

import { timePattern } from '../../workflows/runbook/fields/schema';
import { isLocalTime } from '../calendar/wall-time';

const wanted = {
  person: 'user/<name>',
  time: 'a time such as 2026-12-21T09:00 (in the zone of the document) or 2026-12-21T09:00:00Z',
} as const;

export const Person = z.string().regex(/^user\/[A-Za-z0-9][A-Za-z0-9._@+-]*$/, wanted.person);

/** What a clock on the wall shows in the document's zone, or an instant. */
export const PersonTime = z
  .string()
  .refine((text) => (timePattern.test(text) ? !Number.isNaN(Date.parse(text)) : isLocalTime(text)), wanted.time);
