/** One thing that was looked at: what was found, and what to do about it. */
export interface Finding {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** Empty when there is nothing to do. */
  readonly advice: string;
}

export function ok(name: string, found: string): Finding {
  return { name, verdict: 'ok', found, advice: '' };
}

export function warn(name: string, found: string, advice: string): Finding {
  return { name, verdict: 'warn', found, advice };
}

export function fail(name: string, found: string, advice: string): Finding {
  return { name, verdict: 'fail', found, advice };
}
