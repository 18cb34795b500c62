import { z } from 'zod';

import type { Route } from '../route';
import { defineRoute, get } from '../route';
import { StepDuration } from '../schema';

const durations = defineRoute({
  ...get('/durations'),
  summary: 'How long the steps of a definition took on each host in its newest runs: what plans are estimated by',
  query: z.strictObject({ definition: z.string() }),
  answer: z.object({ durations: z.array(StepDuration) }),
  async handle({ query }, { store }) {
    return { durations: [...(await store.views.durations(query.definition))] };
  },
});

export const durationRoutes: readonly Route[] = [durations];
