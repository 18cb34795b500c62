import type { Session } from '../database';
import type { FoldEntry } from './entry';

/** Whose logins are. */
export async function applyToLogins({ query }: Session, entries: readonly FoldEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind === 'login.bound') {
      const { login, issuer, subject } = entry.payload;
      const bound = { name: loginName(login), login, issuer, subject, bound_at: entry.at };
      await query.insertInto('logins').values(bound).execute();
    } else if (entry.kind === 'login.unbound') {
      await query.deleteFrom('logins').where('name', '=', loginName(entry.payload.login)).execute();
    }
  }
}

/** Under which a login is found, however it is written: logins are of ASCII. */
export function loginName(login: string): string {
  return login.toLowerCase();
}
