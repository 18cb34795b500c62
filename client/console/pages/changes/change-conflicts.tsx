import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import type { Tone } from '../../tone';
import { EmptyState } from '../../kit/empty-state';
import { Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { useFilters } from '../../filters';
import { actRefusal } from './act-model';
import { VerdictBadge } from './change-badge';
import type { ChangeView } from './change-types';
import { conflictLines, conflictText } from './conflict-lines';
import type { ConflictLine } from './conflict-lines';

const tones: { readonly [severity: string]: Tone } = { warns: 'wait', blocks: 'bad', holds: 'wait' };

/** What a change meets: whose it is, and when it would go. */
export function ChangeConflicts({ change }: { readonly change: ChangeView }): ReactNode {
  const { conflicts } = change;
  if (conflicts === null)
    return (
      <Section title="Conflicts">
        <EmptyState title="Not looked for yet">
          Other changes and calendars are looked at when the change is submitted, at each vote, when it is moved, and at
          its start.
        </EmptyState>
      </Section>
    );
  const lines = conflictLines(conflicts.conflicts);
  return (
    <Section title="Conflicts" aside={<VerdictBadge verdict={conflicts.verdict} />}>
      <ul className="conflicts">
        {lines.map((line) => (
          <li
            key={`${line.kind}-${line.what.join(' ')}-${line.change ?? line.calendar ?? ''}-${line.during?.startMs ?? 0}`}
          >
            <Line line={line} change={change} />
          </li>
        ))}
      </ul>
      <p className="hint">
        Looked at <Time at={conflicts.checkedAt} /> ({conflicts.at})
      </p>
    </Section>
  );
}

function Line({ line, change }: { readonly line: ConflictLine; readonly change: ChangeView }): ReactNode {
  const { kind, severity, what, through, owner, calendar, during } = line;
  const other = line.change === null ? null : (change.names[line.change] ?? line.change);
  return (
    <>
      <Badge tone={tones[severity] ?? 'neutral'}>{severity}</Badge> <strong>{what.join(', ')}</strong>
      {through !== null && ` through ${through}`}: {conflictText(kind)}
      {other !== null && (
        <>
          {' '}
          (
          <Link to="/changes/$change" params={{ change: other }}>
            {other}
          </Link>{' '}
          of {owner})
        </>
      )}
      {calendar !== null && ` (calendar ${calendar})`}
      {during !== null && (
        <p className="hint">
          Both want <Time at={during.startMs} /> to <Time at={during.endMs} />
        </p>
      )}
      <NextFree line={line} change={change} />
    </>
  );
}

function NextFree({ line, change }: { readonly line: ConflictLine; readonly change: ChangeView }): ReactNode {
  const [, setFilters] = useFilters();
  if (line.nextFree === null) return <p className="hint">Not free as far as was looked.</p>;
  const { startMs, endMs } = line.nextFree;
  return (
    <p className="hint">
      Next free from <Time at={startMs} /> to <Time at={endMs} />{' '}
      {actRefusal(change.phase, 'reschedule') === null && (
        <button
          type="button"
          className="button button-quiet"
          onClick={() => setFilters({ act: 'reschedule', start: String(startMs) })}
        >
          Move it there
        </button>
      )}
    </p>
  );
}
