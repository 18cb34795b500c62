import { z } from 'zod';

import { ScheduleList } from '../authoring-schema';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get } from '../route';

const list = defineRoute({
  ...get('/schedules'),
  summary: 'What is scheduled and when it comes next: backups, verifications, drills; ten of each plan at most',
  action: 'backup.read',
  about: 'filtered',
  query: z.strictObject({
    service: z.string().max(200).exactOptional(),
    ...pageQuery,
  }),
  answer: ScheduleList,
  async handle({ query, caller: { access } }, { backups, store }) {
    const slots: z.infer<typeof ScheduleList>['slots'] = [];
    for (const { name } of await backups.plans()) {
      const owner = (await store.backups.plan(name)) ?? (await store.definitions.get('BackupPlan', name));
      if (owner === null || !access.may('backup.read', owner.scope)) continue;
      const { service, paused, next } = await backups.plan(name);
      if (query.service !== undefined && service !== query.service) continue;
      const common = { kind: 'backup' as const, name, service, paused: paused !== null };
      slots.push(...next.map(({ run, atMs }) => ({ ...common, run, atMs })));
    }
    const { page, next } = pageOf(slots, query, { keyOf: ({ atMs, name, run }) => [atMs, name, run] });
    return { slots: page, next };
  },
});

export const scheduleRoutes = [list] as const;
