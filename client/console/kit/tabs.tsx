import type { KeyboardEvent, ReactNode } from 'react';
import { useId } from 'react';

import { useFilters } from '../filters';

export interface Tab {
  readonly id: string;
  readonly title: ReactNode;
  readonly content: () => ReactNode;
}

export interface TabsProps {
  readonly label: string;
  /** Name in the address: `?tab=journal`. */
  readonly name?: string;
  readonly tabs: readonly Tab[];
}

/** The chosen tab is in the address. Arrow keys move between tabs. */
export function Tabs({ label, name = 'tab', tabs }: TabsProps): ReactNode {
  const [filters, setFilters] = useFilters();
  const id = useId();
  const chosen = tabs.find((tab) => tab.id === filters[name]) ?? tabs[0];
  if (chosen === undefined) return null;
  function move(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.findIndex((tab) => tab.id === chosen?.id) + step + tabs.length) % tabs.length];
    if (step === 0 || next === undefined) return;
    setFilters({ [name]: next.id });
    document.getElementById(`${id}-${next.id}`)?.focus();
  }
  return (
    <>
      <div role="tablist" aria-label={label} className="tabs" onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${id}-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === chosen.id}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === chosen.id ? 0 : -1}
            onClick={() => setFilters({ [name]: tab.id })}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen.id}`} className="tab-panel">
        {chosen.content()}
      </div>
    </>
  );
}
