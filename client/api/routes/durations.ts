import { z } from 'zod';

import { defineRoute, get } from '../route';
import { StepDuration } from '../schema';

const durations = defineRoute({
  ...get('/durations'),
  summary: 'How long the steps of a definition took on each host in its newest runs: what plans are estimated by',
  action: 'run.read',
  about: 'filtered',
  query: z.strictObject({ definition: z.string() }),
  answer: z.object({ durations: z.array(StepDuration) }),
  async handle({ query: { definition }, caller: { access } }, { store }) {
    const published = await store.definitions.get('Runbook', definition);
    if (!access.may('run.read', published?.scope ?? {})) return { durations: [] };
    return { durations: [...(await store.views.durations(definition))] };
  },
});

export const durationRoutes = [durations] as const;
