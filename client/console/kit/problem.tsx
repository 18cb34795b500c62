import type { ReactNode } from 'react';

import { isProblem } from '../api';
import { wording } from '../wording';

/** A refused or failed request: what was attempted, what was found, what would help. */
export function Problem({ error }: { readonly error: unknown }): ReactNode {
  if (error === null || error === undefined) return null;
  if (isProblem(error))
    return (
      <div className="problem" role="alert">
        <p className="problem-text">{error.document.detail}</p>
        <p className="problem-hint">{error.document.hint}</p>
        <p className="problem-code">
          {error.document.code}
          {error.document.requestId !== '' && ` · ${wording.request} ${error.document.requestId}`}
        </p>
      </div>
    );
  return (
    <div className="problem" role="alert">
      <p className="problem-text">{wording.noAnswer}</p>
      <p className="problem-hint">{error instanceof Error ? error.message : wording.tryAgain}</p>
    </div>
  );
}
