import type { OpenSession, Sessions, SignedIn } from '../../../client/identity/sessions';

/** A session of somebody whose proof nobody takes back meanwhile. */
export async function openSession(sessions: Sessions, signedIn: SignedIn): Promise<OpenSession> {
  const open = await sessions.open(signedIn);
  if (open === null) throw new Error('Cannot open the session: what it was proven by is not there');
  return open;
}
