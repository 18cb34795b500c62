import { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode, RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef } from 'react';

import type { OutputLine } from './output-buffer';

export interface OutputLinesProps {
  readonly lines: readonly OutputLine[];
  /** How many lines went from the beginning. */
  readonly leftOut: number;
  /** Stay at the end as more comes. */
  readonly follow: boolean;
  /** Place of the match that is looked at. */
  readonly current: number | null;
  /** Somebody scrolled up: they read, and the end must not pull them away. */
  readonly onLeave: () => void;
}

const lineHeight = 19;

export function OutputLines({ lines, leftOut, follow, current, onLeave }: OutputLinesProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => ref.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });
  useEffect(() => {
    if (current !== null) rows.scrollToIndex(current, { align: 'center' });
    else if (follow) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [rows, lines.length, follow, current]);
  useStay(ref, leftOut, !follow);
  return (
    <div
      ref={ref}
      className="output"
      role="log"
      aria-label="Output"
      aria-live="off"
      tabIndex={0}
      onWheel={(event) => {
        if (event.deltaY < 0) onLeave();
      }}
      onKeyDown={(event) => {
        if (['ArrowUp', 'PageUp', 'Home'].includes(event.key)) onLeave();
      }}
    >
      <div className="output-rows" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const line = lines[row.index];
          return line === undefined ? null : (
            <div
              key={line.number}
              className={`output-line ${line.stream === 'stderr' ? 'output-error' : ''} ${row.index === current ? 'output-match' : ''}`}
              style={{ top: row.start }}
            >
              <span className="output-source">{line.source}</span>
              {line.text}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** As lines go from the beginning, whoever reads further down keeps them in sight. */
function useStay(ref: RefObject<HTMLElement | null>, leftOut: number, isReading: boolean): void {
  const before = useRef(leftOut);
  useLayoutEffect(() => {
    const gone = leftOut - before.current;
    before.current = leftOut;
    if (isReading && gone > 0 && ref.current !== null) ref.current.scrollTop -= gone * lineHeight;
  }, [ref, leftOut, isReading]);
}
