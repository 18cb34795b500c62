import { z } from 'zod';

import { noticeSubjects } from '../../../platform/store/outbox';
import type { ListedNotice, NoticeAbout } from '../../../platform/store/outbox';
import type { Action } from '../../../workflows/domain/authorization';
import type { Access } from '../../access';
import { namesOf, requireJournaled } from '../../journaled';
import { requireTask } from '../../tasks-named';
import { admitTo } from '../authorize';
import type { Subject } from '../authorize';
import type { ApiContext } from '../context';
import { cursorOf, CursorText, placeOf } from '../cursor';
import { NoticePage, NoticeState } from '../notice-schema';
import type { NoticeView } from '../notice-schema';
import { defineRoute, get } from '../route';
import { aboutJournaled, aboutTask } from '../subjects';

const About = z
  .string()
  .max(300)
  .regex(/^(?:task|run|change|backup|lock)\/./, 'Expected what it is about, as run/12, change/CHG-3 or task/ID')
  .transform((text) => {
    const [name = ''] = text.split('/', 1);
    return { kind: noticeSubjects.find((kind) => kind === name) ?? 'run', ref: text.slice(name.length + 1) };
  });
type About = z.output<typeof About>;

const list = defineRoute({
  ...get('/notices'),
  summary: 'Who is to be told of what, newest first: those of the caller, and of what the caller may see',
  action: 'notification.own',
  about: 'filtered',
  query: z.strictObject({
    /** `run/12`, `change/CHG-3`, `task/ID`, `backup/ID`; `lock/12`: of the locks that run 12 holds. */
    about: About.exactOptional(),
    /** `user/anna`. */
    recipient: z.string().max(200).exactOptional(),
    /** Those of the caller, and no others. */
    mine: z.stringbool().default(false),
    state: NoticeState.exactOptional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: CursorText.exactOptional(),
  }),
  answer: NoticePage,
  async handle({ query, caller: { access } }, context) {
    const { about, recipient, mine, state, limit, cursor } = query;
    const [createdAt, id] = cursor === undefined ? [] : placeOf(cursor, z.tuple([z.number(), z.string()]));
    const found = await context.store.notices.list({
      limit,
      ...(about === undefined ? {} : { about: await requireAbout(about, access, context) }),
      ...(mine ? { recipient: access.actor } : recipient === undefined ? {} : { recipient }),
      ...(state === undefined ? {} : { state }),
      ...(createdAt === undefined || id === undefined ? {} : { before: { createdAt, id } }),
    });
    const seen = await seenOf(found, access, context);
    const last = found.length < limit ? undefined : found.at(-1);
    return {
      notices: seen.map(viewOf),
      subjects: await namesOf(
        context.store,
        seen.flatMap((notice) => processOf(notice) ?? []),
      ),
      next: last === undefined ? null : cursorOf([last.createdAt, last.id]),
    };
  },
});

/** Whoever may not see it does not learn that it is there. */
async function requireAbout({ kind, ref }: About, access: Access, context: ApiContext): Promise<NoticeAbout> {
  if (kind === 'task') {
    admitIfThere(access, await aboutTask({ params: { id: ref } }, context));
    return { kind, id: (await requireTask(context.store, ref)).id };
  }
  admitIfThere(access, await aboutJournaled({ params: { ref } }, context));
  return { kind, id: (await requireJournaled(context.store, ref)).id };
}

function admitIfThere(access: Access, subject: Subject | null): void {
  if (subject !== null) admitTo(access, subject.seenBy, subject);
}

/** Everybody sees their own; others', as they see what it is about. */
async function seenOf(
  notices: readonly ListedNotice[],
  access: Access,
  { store }: ApiContext,
): Promise<readonly ListedNotice[]> {
  const seen: ListedNotice[] = [];
  const scopes = new Map<string, Promise<Awaited<ReturnType<typeof store.scopes.of>>>>();
  for (const notice of notices) {
    const id = processOf(notice);
    if (id !== null && !scopes.has(id)) scopes.set(id, store.scopes.of(id));
    const known = id === null ? null : await scopes.get(id);
    const isAllowed = access.may(readActions[notice.about.kind], known?.scope ?? {});
    if (isAllowed || notice.recipient === access.actor) seen.push(notice);
  }
  return seen;
}

const readActions: { readonly [K in NoticeAbout['kind']]: Action } = {
  task: 'task.read',
  run: 'run.read',
  change: 'change.read',
  backup: 'backup.read',
  lock: 'lock.read',
};

/** What came too late for the journal of its process stands in that of the system: only its recipient sees it there. */
function processOf({ about, stream }: ListedNotice): string | null {
  if (stream.startsWith('run/')) return stream.slice('run/'.length);
  return about.kind === 'lock' ? about.id : null;
}

function viewOf(notice: ListedNotice): NoticeView {
  const { id, about, what, recipient, onBehalfOf, channel, state, attempts, createdAt, nextAt, failure } = notice;
  return { id, about, kind: what, recipient, onBehalfOf, channel, state, attempts, createdAt, nextAt, failure };
}

export const noticeRoutes = [list] as const;
