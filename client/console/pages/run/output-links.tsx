import type { ReactNode } from 'react';

import { apiUrl } from '../../api';
import type { HostCell } from '../../answers';

export interface OutputLinksProps {
  readonly runId: string;
  readonly cell: Pick<HostCell, 'path' | 'phase' | 'generation'>;
}

/** What one job wrote, as files. */
export function OutputLinks({ runId, cell: { path, phase, generation } }: OutputLinksProps): ReactNode {
  return (
    <>
      {streams.map((stream) => (
        <span key={stream}>
          <a
            href={apiUrl('GET /runs/:ref/output', {
              params: { ref: runId },
              query: { path, stream, download: true, ...(generation === undefined ? {} : { generation }) },
              filters: { phase },
            })}
            download
          >
            {stream}
          </a>{' '}
        </span>
      ))}
    </>
  );
}

const streams = ['stdout', 'stderr'] as const;
