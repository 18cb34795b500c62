import { z } from 'zod';

import { isOperationId } from '../../../workflows/domain/backup-ids';
import { unknownOperation } from '../../backup-act';
import { followOperation } from '../../backup-feed';
import {
  BackupOperation,
  DrillCalendar,
  OperationList,
  OperationView,
  PlanList,
  PlanView,
  RestorePoints,
  RetentionView,
  ScoreList,
  ToldFact,
} from '../backup-schema';
import { NamedActor } from '../actor-schema';
import { feedStart } from '../feed-start';
import { cursorOf, CursorText, placeOf } from '../cursor';
import { pageOf, pageQuery } from '../page';
import { defineFeed, defineRoute, get, post } from '../route';
import { aboutBackupPlan, aboutOperation, allowedOfPlans } from '../subjects';
import { backupActRoutes } from './backup-acts';

const ByPlan = z.object({ plan: z.string().min(1).max(200) });
const ByReference = z.object({ ref: z.string().min(1).max(200) });

const plans = defineRoute({
  ...get('/backups'),
  summary: 'Backup plans that are published: last backup, next slot, alarms',
  action: 'backup.read',
  about: 'filtered',
  query: z.strictObject(pageQuery),
  answer: PlanList,
  async handle({ query, caller: { access } }, context) {
    const plans = (await context.backups.plans()).map((summary) => ({ plan: summary.name, summary }));
    const allowed = await allowedOfPlans(plans, access, context);
    const { page, next } = pageOf(allowed, query, { keyOf: ({ plan: name }) => [name] });
    return { plans: page.map(({ summary }) => summary), next };
  },
});

const plan = defineRoute({
  ...get('/backups/:plan'),
  summary: 'A backup plan with every default, its next slots, alarms, tasks, and what is about to be deleted',
  action: 'backup.read',
  about: aboutBackupPlan,
  params: ByPlan,
  answer: PlanView,
  handle: async ({ params }, { backups }) => backups.plan(params.plan),
});

const points = defineRoute({
  ...get('/backups/:plan/sets'),
  summary: 'Sets of a plan, newest first: the timeline of points to restore to',
  action: 'backup.read',
  about: aboutBackupPlan,
  params: ByPlan,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1_000).default(50),
    pruned: z.stringbool().exactOptional(),
  }),
  answer: RestorePoints,
  handle: async ({ params, query }, { backups }) => backups.points(params.plan, query),
});

const retention = defineRoute({
  ...get('/backups/:plan/retention'),
  summary: 'What retention says of every set now: why it stays, or that it goes',
  action: 'backup.read',
  about: aboutBackupPlan,
  params: ByPlan,
  answer: RetentionView,
  handle: async ({ params }, { backups }) => backups.retention(params.plan),
});

const operations = defineRoute({
  ...get('/backup-operations'),
  summary: 'Backups, verifications, prunings, restores and drills, newest first',
  action: 'backup.read',
  about: 'filtered',
  query: z.strictObject({
    plan: z.string().exactOptional(),
    /** Absent: all but the looks that keepers take every quarter of an hour. */
    kind: z.string().exactOptional(),
    open: z.stringbool().exactOptional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(50),
    cursor: CursorText.exactOptional(),
    /** Epoch ms to go on below. */
    before: z.coerce.number().int().min(1).exactOptional(),
  }),
  answer: OperationList,
  async handle({ query, caller: { access } }, { backups, store }) {
    const { cursor, limit, ...asked } = query;
    const filter = query.kind === undefined ? { ...asked, except: 'watch' } : asked;
    const place = cursor === undefined ? {} : { behind: placeOf(cursor, Behind) };
    const scopeIds = access.scopeIds('backup.read', await store.scopes.list());
    // One more tells whether there is a next page.
    const found = await backups.operations({ ...filter, ...place, scopeIds, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next = last !== undefined && found.length > limit ? cursorOf({ openedAt: last.openedAt, id: last.id }) : null;
    return { operations: [...shown], next };
  },
});

const Behind = z.object({ openedAt: z.number(), id: z.string() });

const operation = defineRoute({
  ...get('/backup-operations/:ref'),
  summary: 'An operation with its steps, assertions, evidence, runs and timeline',
  action: 'backup.read',
  about: aboutOperation,
  params: ByReference,
  answer: OperationView,
  async handle({ params }, { backups }) {
    const view = await backups.operation(params.ref);
    if (view === null) throw unknownOperation(params.ref);
    return view;
  },
});

const wholeId = /^b[0-9a-z]{12}$/;

const events = defineFeed({
  ...get('/backup-operations/:ref/events'),
  summary: 'What happens in an operation, as it happens, until it has ended; one that waits for its turn begins later',
  action: 'backup.read',
  about: aboutOperation,
  params: ByReference,
  query: z.strictObject({ after: z.coerce.number().int().min(-1).default(0) }),
  answer: ToldFact,
  event: 'entry',
  async handle({ params, query, caller }, { store, live }) {
    const row = await store.backups.findOperation(params.ref);
    const mayCome = isOperationId(params.ref) && wholeId.test(params.ref);
    if (row === null && !mayCome) throw unknownOperation(params.ref);
    return followOperation({ store, live }, row?.id ?? params.ref, feedStart(query.after, caller));
  },
});

const cancel = defineRoute({
  ...post('/backup-operations/:ref/cancel'),
  summary: 'Have an operation end: it cleans up first; a drill is INTERRUPTED',
  action: 'backup.run',
  about: aboutOperation,
  params: ByReference,
  body: z.strictObject({
    actor: NamedActor,
    reason: z.string().max(4_000).default(''),
  }),
  answer: BackupOperation,
  async handle({ params, body, caller }, { backups }) {
    const { access, idempotencyKey: id } = caller;
    const by = { actor: access.actorFor(body.actor), via: access.via };
    return backups.cancel(params.ref, { reason: body.reason, ...by, ...(id === undefined ? {} : { id }) });
  },
});

const scores = defineRoute({
  ...get('/backup-scores'),
  summary: 'Score cards: last backup, last verified level, RPO risk, last drill, trends, holds, alarms',
  action: 'backup.read',
  about: 'filtered',
  query: z.strictObject({ service: z.string().exactOptional() }),
  answer: ScoreList,
  async handle({ query, caller: { access } }, context) {
    const scores = await context.backups.scores(query.service);
    return { scores: [...(await allowedOfPlans(scores, access, context))] };
  },
});

const drills = defineRoute({
  ...get('/backup-drills'),
  summary: 'Calendar of restore drills: those to come, and the verdicts of those that were',
  action: 'backup.read',
  about: 'filtered',
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
  answer: DrillCalendar,
  async handle({ query, caller: { access } }, context) {
    const { planned, past } = await context.backups.drills(query.days);
    return {
      planned: [...(await allowedOfPlans(planned, access, context))],
      past: past.filter((row) => access.may('backup.read', row.scope)),
    };
  },
});

export const backupRoutes = [
  plans,
  plan,
  points,
  retention,
  ...backupActRoutes,
  operations,
  operation,
  events,
  cancel,
  scores,
  drills,
] as const;
