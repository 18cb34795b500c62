import type { FeedEntry } from '../platform/store/feed';
import type { Store } from '../platform/store/store';
import type { Action, Scope } from '../workflows/domain/authorization';
import type { Access } from './access';
import type { LiveEvent } from './api/live-schema';
import { factOf } from './live-fact';
import type { Fact } from './live-fact';
import type { FeedItem, FeedSource } from './live-feed';
import { LiveSubjects } from './live-subjects';

/** An event, and what whoever hears of it must be allowed to read. */
export interface ScopedEvent {
  readonly event: LiveEvent;
  /** Where the entry stands in the journal. */
  readonly stream: string;
  readonly action: Action;
  readonly scope: Scope;
}

const entriesAtOnce = 500;

/** Every entry of every journal, told in short: who shows more reads it where it stands. */
export function liveEvents(store: Store): FeedSource<ScopedEvent> {
  const subjects = new LiveSubjects(store);
  return {
    open: () => async (after) => {
      const entries = await store.feed.read(after, entriesAtOnce);
      if (entries === 'gone') return 'gone';
      const news: FeedItem<ScopedEvent>[] = [];
      for (const entry of entries) news.push({ position: entry.position, value: await scopedEvent(subjects, entry) });
      return { news, ended: false };
    },
    now: () => store.feed.now(),
    // All of them are about as long: an object of a dozen short texts.
    sizeOf: () => 2_000,
  };
}

async function scopedEvent(subjects: LiveSubjects, entry: FeedEntry): Promise<ScopedEvent> {
  const { position, seq, kind, at, actor } = entry;
  const fact = factOf(entry);
  const subject = await subjects.find(fact.subject, kind);
  const { number, name, scope } = subject;
  const process = { kind: fact.subject.kind, id: fact.subject.id, number, name };
  const { about, state } = fact;
  return {
    stream: entry.stream,
    event: { position, seq, at, kind, actor, process, about, state },
    action: subject.action ?? actionOf(fact),
    scope,
  };
}

function actionOf({ subject, kind }: Fact): Action {
  switch (subject.kind) {
    case 'run':
      return /^(task|vote|approval)\./.test(kind) ? 'task.read' : 'run.read';
    case 'change':
      return 'change.read';
    case 'backup':
      return 'backup.read';
    case 'definition':
      return 'definition.read';
    case 'lock':
      return 'lock.read';
    case 'system':
      return 'audit.read';
  }
}

export interface EventFilter {
  /** Kinds or beginnings of kinds, separated by commas. */
  readonly kinds?: string;
  /** Id of a process. */
  readonly process?: string;
}

/** Of everything that happens what somebody wants, and may see. */
export function tellTo(
  access: Pick<Access, 'may'>,
  { kinds, process }: EventFilter,
): (scoped: ScopedEvent) => LiveEvent | null {
  const wanted = kinds?.split(',').filter((kind) => kind !== '');
  return ({ event, action, scope }) => {
    if (process !== undefined && event.process.id !== process) return null;
    if (wanted !== undefined && !wanted.some((kind) => event.kind.startsWith(kind))) return null;
    return access.may(action, scope) ? event : null;
  };
}
