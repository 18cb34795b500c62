import type { ReactNode } from 'react';

import { useRead } from '../use-api';
import { Badge } from './badge';
import { Loaded } from './loaded';

/** Of a run, a change or an operation: checked by the server over every entry, their order and the end. */
export function VerifiedBadge({ process }: { readonly process: string }): ReactNode {
  const verified = useRead('GET /runs/:ref/verify', { params: { ref: process } });
  return (
    <Loaded query={verified}>
      {({ ok, count, head, problems }) =>
        ok ? (
          <span title={head}>
            <Badge tone="good">Verified: {count} entries</Badge>
          </span>
        ) : (
          <div role="alert">
            <Badge tone="bad">Not verified</Badge>
            {problems.slice(0, 5).map((problem) => (
              <p key={`${problem.seq}/${problem.kind}`} className="bad small">
                {problem.message}
              </p>
            ))}
          </div>
        )
      }
    </Loaded>
  );
}
