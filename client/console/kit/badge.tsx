import type { ReactNode } from 'react';

import type { Tone } from '../tone';

/** A state in a word. The mark tells it to whoever does not see the colour. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return (
    <span className={`badge tone-${tone}`}>
      <span aria-hidden="true" className="badge-mark">
        {marks[tone]}
      </span>
      {children}
    </span>
  );
}

const marks: { readonly [K in Tone]: string } = {
  neutral: '○',
  busy: '◐',
  wait: '‖',
  good: '✓',
  bad: '✕',
  odd: '?',
};
