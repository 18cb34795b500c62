/** `vault:ops/api#token`, `env:NAME`, `file:/path`: what authors may write. */
export function isSecretReference(text: string): boolean {
  return /^(vault:[^\s#]+#[^\s#]+|env:[A-Za-z_][A-Za-z0-9_]*|file:[^\s]+)$/.test(text);
}

/** What a step of the same run has captured. Only the compiler makes references to it. */
export interface CapturedSecret {
  readonly step: string;
  /** `stdout`, or a place in an operation's answer: `result.body.token`. */
  readonly path: string;
  /** Every host of a rollout has its own. */
  readonly ofHost: boolean;
}

const capturedForm = /^captured:(host\/)?([A-Za-z0-9]+)#([\w.]+)$/;

export function capturedReference({ step, path, ofHost }: CapturedSecret): string {
  return `captured:${ofHost ? 'host/' : ''}${step}#${path}`;
}

export function isCaptured(reference: string): boolean {
  return capturedForm.test(reference);
}

export function parseCaptured(reference: string): CapturedSecret | null {
  const [, host, step, path] = capturedForm.exec(reference) ?? [];
  return step === undefined || path === undefined ? null : { step, path, ofHost: host !== undefined };
}
