import type { ReactNode } from 'react';

import { EmptyState } from './empty-state';
import { Time } from './time';

export interface ToldFact {
  readonly at: number;
  readonly actor: string;
  readonly text: string;
}

/** What happened, the newest first: who reads it wants to know where it stands. */
export function Timeline({ label, facts }: { readonly label: string; readonly facts: readonly ToldFact[] }): ReactNode {
  if (facts.length === 0) return <EmptyState title="Nothing has happened yet" />;
  return (
    <ol className="timeline-facts" aria-label={label} reversed>
      {facts.toReversed().map(({ at, actor, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- two facts may be the same to the millisecond, and none moves
        <li key={`${at}-${facts.length - index}`}>
          <Time at={at} /> <strong>{actor}</strong> {text}
        </li>
      ))}
    </ol>
  );
}
