import type { ReactNode } from 'react';

import { lineDiff } from '../line-diff';

export function Code({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  return (
    <pre className="code" tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}

export interface DiffProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** Two texts line by line; signs tell what the colours tell. */
export function Diff({ label, before, after }: DiffProps): ReactNode {
  return (
    <pre className="code diff" tabIndex={0} role="region" aria-label={label}>
      {lineDiff(before, after).map(({ sign, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other name, and none moves
        <span key={index} className={lineClass[sign]}>
          {sign} {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

const lineClass = { ' ': 'diff-same', '+': 'diff-added', '-': 'diff-removed' } as const;
