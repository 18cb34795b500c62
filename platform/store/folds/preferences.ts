import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { Session } from '../database';
import { toJson } from '../json';
import type { FoldEntry } from './entry';

/** What people want to be told: the newest that was said of each. */
export async function applyToPreferences({ query }: Session, entries: readonly FoldEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind !== 'preferences.set') continue;
    const { person, preferences } = entry.payload;
    const document = canonicalJson(toJson(preferences));
    await query
      .insertInto('notice_preferences')
      .values({ login: loginOf(person), document })
      .onConflict((conflict) => conflict.column('login').doUpdateSet({ document }))
      .execute();
  }
}

/** `user/anna` → `anna`. */
export function loginOf(person: string): string {
  return person.replace(/^user\//, '');
}
