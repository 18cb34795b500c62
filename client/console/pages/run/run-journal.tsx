import type { ReactNode } from 'react';

import type { JournalEntry, RunView } from '../../answers';
import { EmptyState } from '../../kit/empty-state';
import { EvidenceButton } from '../../kit/evidence-button';
import { Paged } from '../../kit/paged';
import { Section } from '../../kit/page';
import { ShownValue } from '../../kit/shown-value';
import { Time } from '../../kit/time';
import { VerifiedBadge } from '../../kit/verified-badge';
import { useJournal } from './use-journal';

/** Every fact of the run as it was written, and whether the chain of them is whole. */
export function RunJournal({ run }: { readonly run: RunView }): ReactNode {
  const pages = useJournal(run.id);
  return (
    <Section title="Journal" aside={<VerifiedBadge process={run.id} />}>
      <div>
        <EvidenceButton process={run.id} refused={run.refused} />
      </div>
      <Paged query={pages}>
        {(all) => {
          const entries = all.flatMap((page) => page.entries);
          return entries.length === 0 ? (
            <EmptyState title="Nothing is written yet" />
          ) : (
            <ol className="journal">
              {entries.map((entry) => (
                <Entry key={entry.seq} entry={entry} />
              ))}
            </ol>
          );
        }}
      </Paged>
    </Section>
  );
}

function Entry({ entry }: { readonly entry: JournalEntry }): ReactNode {
  return (
    <li>
      <details>
        <summary>
          <span className="mono">{entry.kind}</span> <span className="muted">{entry.actor}</span> <Time at={entry.at} />
        </summary>
        <dl className="facts">
          <dt>Number</dt>
          <dd>{entry.seq}</dd>
          <dt>Key</dt>
          <dd className="mono">{entry.key}</dd>
          <dt>By way of</dt>
          <dd>{entry.via}</dd>
        </dl>
        {entry.payload === null ? (
          <p>Its content has been redacted.</p>
        ) : (
          <ShownValue value={entry.payload} label={entry.kind} />
        )}
      </details>
    </li>
  );
}
