import type { ReactNode } from 'react';

import type { Pages } from '../use-api';
import { wording } from '../wording';
import { Button } from './button';
import { Problem } from './problem';

export interface PagedProps<T> {
  readonly query: Pages<T>;
  readonly children: (pages: readonly T[]) => ReactNode;
}

/** A list that goes on: what is there, and a button for what comes after it. */
export function Paged<T>({ query, children }: PagedProps<T>): ReactNode {
  if (query.data === undefined)
    return query.isError ? (
      <Problem error={query.error} />
    ) : (
      <p className="loading" role="status">
        {wording.loading}
      </p>
    );
  return (
    <>
      {query.isError && <Problem error={query.error} />}
      {children(query.data.pages)}
      {query.hasNextPage && (
        <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {wording.more}
        </Button>
      )}
    </>
  );
}
