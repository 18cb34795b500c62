import { z } from 'zod';

import { Duration, EventName, Expression, Reference, Text } from '../../fields/schema';
import { stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

export const WaitFor = z.strictObject({ verb: z.literal('for'), for: Duration });
/** A moment: a time with its zone, or an expression that gives one. */
export const WaitUntil = z.strictObject({ verb: z.literal('until'), until: Text });
/** Until a calendar is open; the newest version that is published counts. */
export const WaitWindow = z.strictObject({ verb: z.literal('window'), window: Reference });
/** `since: run` also takes an event that came before the step was reached. */
export const WaitEvent = z.strictObject({
  verb: z.literal('event'),
  event: z.strictObject({
    name: EventName,
    where: Expression.exactOptional(),
    since: z.enum(['step', 'run']).exactOptional(),
    due: Duration.exactOptional(),
    onDue: z.enum(['fail', 'continue']).exactOptional(),
  }),
});

export const Wait = z.discriminatedUnion('verb', [WaitFor, WaitUntil, WaitWindow, WaitEvent]);
export type Wait = z.infer<typeof Wait>;

export function waitStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('wait'),
    ...stepBase,
    wait: Wait,
    rescue: steps.exactOptional(),
  });
}
export interface WaitStep extends z.infer<ReturnType<typeof waitStep>> {}
