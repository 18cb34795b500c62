import { useVirtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';

import { stepStatusWord } from '../../state-words';
import { cellWidth, moved } from './grid-model';
import type { GridHost } from './grid-model';

export interface HostGridProps {
  readonly hosts: readonly GridHost[];
  readonly chosen: string;
  readonly onChoose: (host: string) => void;
}

const rowHeight = 24;

/** A cell for each host. Only the rows in sight are drawn; arrows move over all of them, Enter chooses. */
export function HostGrid({ hosts, chosen, onChoose }: HostGridProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const [active, setActive] = useState(0);
  const cell = cellWidth(hosts.length);
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = useVirtualizer({
    count: Math.ceil(hosts.length / columns),
    getScrollElement: () => ref.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const at = Math.min(active, hosts.length - 1);
  function press(event: KeyboardEvent): void {
    const current = hosts[at];
    if ((event.key === 'Enter' || event.key === ' ') && current !== undefined) onChoose(current.host);
    const next = moved(at, event.key, { columns, count: hosts.length });
    if (next !== at) rows.scrollToIndex(Math.floor(next / columns));
    setActive(next);
    if (next !== at || event.key === 'Enter' || event.key === ' ') event.preventDefault();
  }
  return (
    <div
      ref={ref}
      className="host-grid"
      role="listbox"
      aria-label={`${hosts.length} hosts`}
      aria-activedescendant={hosts[at] === undefined ? undefined : `host-${at}`}
      tabIndex={0}
      onKeyDown={press}
    >
      <div role="presentation" className="host-rows" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => (
          <div key={row.key} role="presentation" className="host-row" style={{ top: row.start }}>
            {hosts.slice(row.index * columns, (row.index + 1) * columns).map((host, column) => {
              const index = row.index * columns + column;
              return (
                <HostCellBox
                  key={host.host}
                  host={host}
                  index={index}
                  width={cell}
                  isActive={index === at}
                  isChosen={host.host === chosen}
                  onChoose={() => {
                    setActive(index);
                    onChoose(host.host);
                  }}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

interface HostCellBoxProps {
  readonly host: GridHost;
  readonly index: number;
  readonly width: number;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function HostCellBox({ host, index, width, isActive, isChosen, onChoose }: HostCellBoxProps): ReactNode {
  const { tone, word } = stepStatusWord(host.status);
  const label = `${host.host}: ${word}${host.changed ? ', changed' : ''}`;
  return (
    <div
      id={`host-${index}`}
      role="option"
      aria-selected={isChosen}
      aria-label={label}
      title={label}
      className={`host-cell tone-${tone} ${isActive ? 'host-active' : ''} ${host.changed ? 'host-changed' : ''}`}
      style={{ width: width - 3 }}
      onClick={onChoose}
    >
      {width > 60 ? host.host : ''}
    </div>
  );
}

/** Of an element, as it changes. */
function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(800);
  const measure = useCallback(() => setWidth(ref.current?.clientWidth ?? 800), [ref]);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [measure, ref]);
  return width;
}
