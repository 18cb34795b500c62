import type { ReactNode } from 'react';

import { useNow } from '../clock';
import { useMe } from '../me';
import { clockText, durationText, instantText, relativeText } from '../time-text';

/** The zone of the installation; until it is known, the browser's. */
export function useZone(): string {
  return useMe().data?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** An instant with its zone, and how far away it is. Epoch ms, or ISO as the API answers it. */
export function Time({ at }: { readonly at: number | string | null }): ReactNode {
  const zone = useZone();
  const now = useNow();
  if (at === null) return <span className="muted">–</span>;
  const atMs = typeof at === 'number' ? at : Date.parse(at);
  return (
    <time dateTime={new Date(atMs).toISOString()} title={instantText(atMs, zone)}>
      {clockText(atMs, now, zone)} <span className="muted">{relativeText(atMs, now)}</span>
    </time>
  );
}

export interface ElapsedProps {
  readonly from: number | string | null;
  /** Null: it goes on. */
  readonly to: number | string | null;
}

export function Elapsed({ from, to }: ElapsedProps): ReactNode {
  const now = useNow();
  if (from === null) return <span className="muted">–</span>;
  const end = to === null ? now : epochMs(to);
  return <>{durationText(end - epochMs(from))}</>;
}

function epochMs(at: number | string): number {
  return typeof at === 'number' ? at : Date.parse(at);
}
