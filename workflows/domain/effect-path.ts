/**
 * The identity of an effect: `installation/run/path@generation/phase`. It is made of names only, never of an identifier that
 * Temporal gives out, so a retry, a new worker or a restarted server finds the same job again.
 *
 * Path segments: a step id (`install`), `host:web1`, `item:shop`, `delegate:lb1`, `wave:2`, `gate:shop`, `sample:3`.
 * A path template has `host:*` (and `delegate:*`) where a batch puts the name of each of its hosts.
 */
export type EffectPath = string;
export type PathTemplate = string;

export type Phase = 'do' | 'undo' | 'probe';

export interface EffectIdentity {
  readonly installation: string;
  readonly run: string;
  readonly path: EffectPath;
  readonly generation: number;
  readonly phase: Phase;
}

export function effectKey(identity: EffectIdentity): string {
  const { installation, run, path, generation, phase } = identity;
  return `${installation}/${run}/${path}@${generation}/${phase}`;
}

export type SegmentKind = 'host' | 'item' | 'delegate' | 'wave' | 'gate' | 'sample';

/** One named segment. The value is percent-encoded: `/`, `@`, `:` and `*` in a host name cannot imitate structure. */
export function segment(kind: SegmentKind, value: string | number): string {
  return `${kind}:${encodeSegment(String(value))}`;
}

export function joinPath(...parts: readonly string[]): EffectPath {
  return parts.filter((part) => part !== '').join('/');
}

/** The path of one host (and one delegate) of a batch. */
export function hostPath(template: PathTemplate, host: string, delegate?: string): EffectPath {
  const forHost = template.replace('host:*', () => segment('host', host));
  return delegate === undefined ? forHost : forHost.replace('delegate:*', () => segment('delegate', delegate));
}

/** The path of a step as screens show it: without the place holders of a batch. */
export function stepPath(template: PathTemplate): string {
  return template
    .split('/')
    .filter((part) => part !== 'host:*' && part !== 'delegate:*')
    .join('/');
}

function encodeSegment(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
