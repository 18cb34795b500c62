import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { ApiProblem } from '../api';
import { wording } from '../wording';
import { Problem } from './problem';

export interface LoadedProps<T> {
  readonly query: UseQueryResult<T, ApiProblem>;
  readonly children: (data: T) => ReactNode;
}

/** What a reading shows: its data; while there is none, that it is coming, or why it does not come. */
export function Loaded<T>({ query, children }: LoadedProps<T>): ReactNode {
  if (query.data !== undefined)
    return (
      <>
        {query.isRefetchError && <Problem error={query.error} />}
        {children(query.data)}
      </>
    );
  if (query.isError) return <Problem error={query.error} />;
  return (
    <p className="loading" role="status">
      {wording.loading}
    </p>
  );
}
