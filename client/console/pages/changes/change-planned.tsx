import type { ReactNode } from 'react';

import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { PlanPreview } from '../../plan/plan-preview';
import { useRead } from '../../use-api';
import type { ChangeView } from './change-types';

/** The plan that a vote is about, and in what it differs from the one before. */
export function ChangePlanned({ change }: { readonly change: ChangeView }): ReactNode {
  return (
    <>
      <Differences change={change} />
      <Planned change={change} />
    </>
  );
}

/** Of the last edit against what was voted on before: a material difference has voided the votes. */
function Differences({ change: { difference } }: { readonly change: ChangeView }): ReactNode {
  if (difference.length === 0) return null;
  return (
    <div className="differences" role="note" aria-label="Differences since the last vote">
      <h3>Different from what was voted on before</h3>
      <ul>
        {difference.map((line) => (
          <li key={line} className="mono">
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Planned({ change }: { readonly change: ChangeView }): ReactNode {
  const query = useRead('GET /changes/:ref/planned', { params: { ref: change.id } });
  return (
    <Loaded query={query}>
      {({ planned }) =>
        planned === null ? (
          <EmptyState title="The plan is not kept any more">Its hash is {change.plan?.planHash}.</EmptyState>
        ) : (
          <PlanPreview plan={planned.description} />
        )
      }
    </Loaded>
  );
}
