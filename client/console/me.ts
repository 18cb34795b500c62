import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';

import type { Me } from './answers';
import { readApi, rememberCsrf } from './api';
import type { ApiProblem } from './api';
import { mePath } from './me-path';

/** Who is signed in. A refusal means: nobody. */
export function useMe(): UseQueryResult<Me, ApiProblem> {
  return useQuery<Me, ApiProblem>({
    queryKey: [mePath],
    queryFn: async ({ signal }) => {
      const me = await readApi('GET /me', {}, signal);
      rememberCsrf(me.csrf ?? '');
      return me;
    },
    staleTime: 60_000,
  });
}
