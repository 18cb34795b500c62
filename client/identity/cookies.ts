import type { IncomingHttpHeaders } from 'node:http';

/** Of a session of ours. */
export const sessionCookie = 'mainstay_session';

/** Null: the browser sent none of this name. */
export function cookieValue({ headers }: { readonly headers: IncomingHttpHeaders }, name: string): string | null {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

export interface CookieOptions {
  readonly path: string;
  /** Null: as long as the browser runs. 0 takes it away. */
  readonly maxAgeMs: number | null;
  /** Over TLS only. */
  readonly secure: boolean;
}

/** No script reads it, and no page of another site sends it along, but for links that are followed. */
export function cookieHeader(name: string, value: string, { path, maxAgeMs, secure }: CookieOptions): string {
  const lifetime = maxAgeMs === null ? [] : [`Max-Age=${Math.floor(maxAgeMs / 1000)}`];
  return [
    `${name}=${value}`,
    `Path=${path}`,
    ...lifetime,
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ].join('; ');
}
