import { canonicalJson } from '../../workflows/domain/canonical-json';
import { defaultPreferences } from '../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../workflows/domain/notice-delivery';
import type { Doer } from './access-row';
import { appendWithin, lockHead } from './append';
import type { Database, Session } from './database';
import { systemStream } from './folds/apply';
import { loginOf } from './folds/preferences';
import { toJson } from './json';
import { readDocument } from './schema';

/** What people want to be told, and when; each change of it stands in the stream `system`. */
export interface Preferences {
  /** Of `user/anna`, or `anna`. Whoever has never said anything has the defaults. */
  get(person: string): Promise<NoticePreferences>;
  /** False: they were the same before. */
  set(person: string, preferences: NoticePreferences, by: Doer): Promise<boolean>;
}

export function createPreferences(database: Database): Preferences {
  return {
    get: async (person) => (await find(database, person)) ?? defaultPreferences,
    set: (person, preferences, by) => database.transaction((session) => set(session, { person, preferences }, by)),
  };
}

async function find({ query }: Session, person: string): Promise<NoticePreferences | null> {
  const row = await query
    .selectFrom('notice_preferences')
    .select('document')
    .where('login', '=', loginOf(person))
    .executeTakeFirst();
  return row === undefined ? null : readDocument<NoticePreferences>(row.document);
}

async function set(
  session: Session,
  { person, preferences }: { readonly person: string; readonly preferences: NoticePreferences },
  by: Doer,
): Promise<boolean> {
  // Of two at once the second finds what the first has written, and has a number of its own.
  const { count } = await lockHead(session, systemStream);
  const known = (await find(session, person)) ?? defaultPreferences;
  if (canonicalJson(toJson(known)) === canonicalJson(toJson(preferences))) return false;
  const login = loginOf(person);
  const payload = { person: `user/${login}`, preferences };
  await appendWithin(session, systemStream, [
    { key: `preferences/${login}/${count + 1}`, kind: 'preferences.set', ...by, payload },
  ]);
  return true;
}
