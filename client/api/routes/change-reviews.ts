import { z } from 'zod';

import { describePlan } from '../../../definitions/plan-view';
import { scopeOfLabels } from '../../../workflows/domain/scope';
import { unknownChange } from '../../change-open';
import { readStoredPlan } from '../../stored-plan';
import { ChangeModelList } from '../change-schema';
import { defineRoute, get } from '../route';
import { RunPlan } from '../run-schema';
import { aboutChange } from '../subjects';

const planned = defineRoute({
  ...get('/changes/:ref/planned'),
  summary: 'The plan that votes on a change are given to, as people read it; null before it was submitted',
  action: 'change.read',
  about: aboutChange,
  params: z.object({ ref: z.string().min(1).max(200) }),
  answer: z.object({ planned: RunPlan.omit({ units: true }).nullable() }),
  async handle({ params }, { store }) {
    const row = await store.changes.find(params.ref);
    if (row === null) throw unknownChange(params.ref);
    if (row.plan === null) return { planned: null };
    const { planHash, planDigest } = row.plan;
    const bundle = await readStoredPlan(store, planDigest);
    return { planned: bundle === null ? null : { planHash, planDigest, description: describePlan(bundle) } };
  },
});

const models = defineRoute({
  ...get('/change-models'),
  summary: 'Models that a change can be opened with: what each asks for, and how it weighs risk',
  action: 'change.read',
  about: 'filtered',
  answer: ChangeModelList,
  async handle({ caller: { access } }, { registry }) {
    const known = await registry.changeModels();
    // What comes with Mainstay has no labels, and is nobody's secret.
    const seen = known.filter(
      ({ document: { metadata }, isShipped }) => isShipped || access.may('change.read', scopeOfLabels(metadata.labels)),
    );
    return {
      models: seen.map(({ document: { metadata, spec }, isShipped }) => {
        const { name, version, title = '' } = metadata;
        return { name, version, title, isShipped, spec };
      }),
    };
  },
});

export const changeReviewRoutes = [planned, models] as const;
