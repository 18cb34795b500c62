import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import { isProblem } from './api';
import { mePath } from './me-path';

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== mePath) lookWhoIsSignedIn(error);
    },
  }),
  mutationCache: new MutationCache({ onError: lookWhoIsSignedIn }),
  defaultOptions: {
    queries: {
      // What the live feed does not tell is at most this old when a page opens.
      staleTime: 2_000,
      // A refusal stays one; only a line that was cut is worth another try.
      retry: (failures, error) => failures < 2 && !isProblem(error),
    },
  },
});

/** A session that has ended is told by whatever is asked next; the shell then leads to the sign-in page. */
function lookWhoIsSignedIn(error: unknown): void {
  if (isProblem(error) && error.status === 401) void queryClient.invalidateQueries({ queryKey: [mePath] });
}
