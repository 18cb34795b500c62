import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Filters } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Time } from '../../kit/time';
import { boardOf } from './board-model';
import { ChangeBadge, RiskBadge, VerdictBadge } from './change-badge';
import type { ChangeRow } from '../../answers';
import { boardFilters, useChanges } from './changes-filters';
import { windowOf } from './draft-model';

/** As many as a board can show; older ones are in the list. */
const mostShown = 300;

export function ChangesBoard(): ReactNode {
  const query = useChanges(
    { query: { limit: mostShown }, filters: { phase: undefined, open: undefined } },
    { keep: true },
  );
  return (
    <>
      <Filters fields={boardFilters} />
      <Loaded query={query}>
        {({ changes }) => (
          <div className="board" role="region" aria-label="Board of changes" tabIndex={0}>
            {boardOf(changes).map((column) => (
              <section key={column.title} className="board-column" aria-label={column.title}>
                <h2>
                  {column.title} <span className="muted">{column.changes.length}</span>
                </h2>
                {column.changes.length === 0 ? (
                  <p className="hint">{column.teaches}</p>
                ) : (
                  <ul>
                    {column.changes.map((change) => (
                      <Card key={change.id} change={change} />
                    ))}
                  </ul>
                )}
              </section>
            ))}
          </div>
        )}
      </Loaded>
    </>
  );
}

function Card({ change }: { readonly change: ChangeRow }): ReactNode {
  const { number, title, assessed, conflicts, requester } = change;
  const hasConflicts = conflicts !== null && conflicts.verdict !== 'clear';
  return (
    <li className="board-card">
      <Link to="/changes/$change" params={{ change: `CHG-${number}` }}>
        CHG-{number} {title}
      </Link>
      <p className="board-badges">
        <ChangeBadge change={change} />
        {assessed !== null && <RiskBadge risk={assessed.risk} score={assessed.score} />}
        {hasConflicts && <VerdictBadge verdict={conflicts.verdict} />}
      </p>
      <p className="hint">
        <Time at={windowOf(change)?.startMs ?? null} /> · {requester}
      </p>
    </li>
  );
}
