import type { ReactNode } from 'react';

import { Elapsed, Time } from '../../kit/time';
import { durationText } from '../../time-text';
import type { OperationView } from './backup-types';
import { isVerdict, verdictMeanings } from './backup-words';

/** What it came to, and who wanted it. */
export function OperationFacts({ operation }: { readonly operation: OperationView }): ReactNode {
  const { requester, reason, openedAt, endedAt, verdict, measured, set } = operation;
  return (
    <dl className="facts">
      {verdict !== null && (
        <>
          <dt>Verdict</dt>
          <dd>
            {isVerdict(verdict.verdict) ? verdictMeanings[verdict.verdict] : verdict.verdict}
            {verdict.at !== '' && ` At: ${verdict.at}`}
          </dd>
        </>
      )}
      {measured !== null && (
        <>
          <dt>Measured</dt>
          <dd>
            {measured.rtoMs === null ? 'time to recover not known' : `back after ${durationText(measured.rtoMs)}`},{' '}
            {measured.rpoMs === null ? 'loss not known' : `lost ${durationText(measured.rpoMs)}`}
          </dd>
        </>
      )}
      {reason !== '' && (
        <>
          <dt>Why</dt>
          <dd>{reason}</dd>
        </>
      )}
      <dt>Asked for by</dt>
      <dd>{requester}</dd>
      {set !== null && (
        <>
          <dt>Set</dt>
          <dd className="mono">{set}</dd>
        </>
      )}
      <dt>Opened</dt>
      <dd>
        <Time at={openedAt} />, took <Elapsed from={openedAt} to={endedAt} />
      </dd>
    </dl>
  );
}
