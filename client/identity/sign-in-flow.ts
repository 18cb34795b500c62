import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Seal } from '../../platform/seal';

/** A sign-in that began and has not come back yet. It lies with the browser, and only we can read or make it. */
export interface SignInFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** A place of ours. */
  readonly returnTo: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const SignInFlow = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  expiresAt: z.number(),
});

export const flowLifetimeMs = 10 * 60_000;

/** Of its own for each sign-in, so that two tabs do not take each other's. */
export function flowCookieName(state: string): string {
  return `mainstay_flow_${createHash('sha256').update(state).digest('hex').slice(0, 16)}`;
}

export function sealFlow(seal: Seal, flow: SignInFlow): string {
  return seal.seal(JSON.stringify(flow));
}

/** Null: ours it is not, of another sign-in, or too old. */
export function openFlow(
  seal: Seal,
  sealed: string,
  { state, now }: { readonly state: string; readonly now: number },
): SignInFlow | null {
  const flow = readFlow(seal, sealed);
  return flow !== null && flow.state === state && now < flow.expiresAt ? flow : null;
}

function readFlow(seal: Seal, sealed: string): SignInFlow | null {
  try {
    return SignInFlow.parse(JSON.parse(seal.open(sealed)));
  } catch {
    // Whatever a browser sends that we did not seal is no flow.
    return null;
  }
}

/**
 * Where somebody goes after the sign-in: a path of ours, else the home page. `//evil.example`, `/\evil.example` and the like are
 * other hosts to a browser, so what it would make of the text is asked.
 */
export function localPath(text: string | undefined): string {
  const here = 'https://mainstay.invalid';
  if (text === undefined || !text.startsWith('/') || text.length > 2000 || !URL.canParse(text, here)) return '/';
  const { origin, pathname, search, hash } = new URL(text, here);
  // A path that begins with two slashes was hidden in dots: "/.//evil.example".
  return origin === here && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/';
}
