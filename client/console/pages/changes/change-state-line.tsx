import type { ReactNode } from 'react';

import { Time } from '../../kit/time';
import { stationsOf } from './board-model';
import type { Station } from './board-model';
import type { ChangeView } from './change-types';

const stateTexts: { readonly [S in Station['state']]: string } = {
  passed: 'passed',
  here: 'here now',
  ahead: 'ahead',
  'left-out': 'not for this type of change',
};

/** The way that a change takes, and where it is on it. */
export function ChangeStateLine({ change }: { readonly change: ChangeView }): ReactNode {
  const { phase, assessed, reason, phaseAt } = change;
  return (
    <div className="state-line">
      <ol aria-label="Phases">
        {stationsOf(phase, assessed?.type ?? null).map(({ title, state }) => (
          <li key={title} className={`station station-${state}`} aria-current={state === 'here' ? 'step' : undefined}>
            {title}
            <span className="visually-hidden"> ({stateTexts[state]})</span>
          </li>
        ))}
      </ol>
      <p className="hint">
        Since <Time at={phaseAt} />
        {reason === '' ? '' : `: ${reason}`}
      </p>
    </div>
  );
}
