import { z } from 'zod';

import type { PlanBundle } from '../../../activities/plans/plan-bundle';
import type { RunRow, Store } from '../../../platform/store/store';
import { requireJournaled, requireRun } from '../../journaled';
import { describeWithHistory } from '../../plan-history';
import { previewResume } from '../../resume-preview';
import { readHosts } from '../../run-hosts';
import { verifyProcess } from '../../run-verify';
import { stepSummary } from '../../run-view';
import { readStoredPlan } from '../../stored-plan';
import { RequestError } from '../errors';
import { HostPage, ResumePreview, RunPlan, StepList, Verified } from '../run-schema';
import { defineRoute, get } from '../route';
import { StepStatus } from '../schema';
import { aboutJournaled, aboutRun } from '../subjects';

const ByReference = z.object({ ref: z.string().min(1).max(200) });

const steps = defineRoute({
  ...get('/runs/:ref/steps'),
  summary: 'Steps of a run in the order in which they began, without what they came to on each host',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  answer: StepList,
  async handle({ params }, { store }) {
    const run = await requireRun(store, params.ref);
    return { steps: (await store.views.steps(run.id)).map(stepSummary) };
  },
});

/** Names with commas in between. */
const Names = z
  .string()
  .max(20_000)
  .transform((text) => text.split(',').filter((name) => name !== ''));

const hosts = defineRoute({
  ...get('/runs/:ref/hosts'),
  summary: 'What steps came to on hosts, short: the grid of a fleet is one answer',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  query: z.strictObject({
    /** Path of a step; absent: of all. */
    step: z.string().max(1_000).exactOptional(),
    /** Names of hosts, with commas. */
    host: Names.exactOptional(),
    /** One status or several, with commas. */
    status: Names.pipe(z.array(StepStatus)).exactOptional(),
    after: z.string().max(4_000).exactOptional(),
    limit: z.coerce.number().int().min(1).max(5_000).default(2_000),
  }),
  answer: HostPage,
  async handle({ params, query }, { store }) {
    const run = await requireRun(store, params.ref);
    const { host, ...rest } = query;
    return readHosts(store, run.id, { ...rest, ...(host === undefined ? {} : { hosts: host }) });
  },
});

const plan = defineRoute({
  ...get('/runs/:ref/plan'),
  summary: 'The plan that a run carries, as people read it before they approve it',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  answer: RunPlan,
  async handle({ params }, { store }) {
    const run = await requireRun(store, params.ref);
    const described = await describeWithHistory(store, await planOfRun(store, run));
    return { planHash: run.planHash, planDigest: run.planDigest, ...described };
  },
});

const verify = defineRoute({
  ...get('/runs/:ref/verify'),
  summary: 'Check the journal of a run, a change or a backup operation: every entry, their order, the end',
  action: 'run.read',
  about: aboutJournaled,
  params: ByReference,
  answer: Verified,
  async handle({ params }, { store }) {
    const { id } = await requireJournaled(store, params.ref);
    return verifyProcess(store, id);
  },
});

const resumePreview = defineRoute({
  ...get('/runs/:ref/resume-preview'),
  summary: 'What a resume would do: which steps stand, which run again, on which hosts it goes on',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  query: z.strictObject({ from: z.string().min(1).max(1_000).exactOptional(), hosts: Names.exactOptional() }),
  answer: ResumePreview,
  async handle({ params, query }, { store }) {
    const run = await requireRun(store, params.ref);
    const [{ plan: found }, stepRows, hostRows] = await Promise.all([
      planOfRun(store, run),
      store.views.steps(run.id),
      store.views.hosts(run.id),
    ]);
    return previewResume({ run, program: found.program, steps: stepRows, hosts: hostRows }, query);
  },
});

async function planOfRun(store: Store, run: RunRow): Promise<PlanBundle> {
  const found = await readStoredPlan(store, run.planDigest);
  if (found === null)
    throw new RequestError('BLOB_NOT_FOUND', `Cannot read the plan of run ${run.number}: not in the store`);
  return found;
}

export const runDetailRoutes = [steps, hosts, plan, verify, resumePreview] as const;
