import { z } from 'zod';

import { defineRoute, get } from '../route';
import { StepDuration } from '../schema';

const durations = defineRoute({
  ...get('/durations'),
  summary:
    'How long the steps of a definition took on each host in its newest runs, of those that the caller may see: what plans are estimated by',
  action: 'run.read',
  about: 'filtered',
  query: z.strictObject({ definition: z.string().max(300) }),
  answer: z.object({ durations: z.array(StepDuration) }),
  async handle({ query: { definition }, caller: { access } }, { store }) {
    const scopeIds = access.scopeIds('run.read', await store.scopes.list());
    return { durations: [...(await store.views.durations(definition, scopeIds))] };
  },
});

export const durationRoutes = [durations] as const;
