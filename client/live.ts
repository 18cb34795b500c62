import type { OutputChunk, Store, StoredEntry } from '../platform/store/store';
import { Line, Lines } from './live-line';
import { liveEvents } from './live-events';
import type { ScopedEvent } from './live-events';

/** Everything that somebody may listen to. One for each process: listeners of the same thing share it. */
export interface Live {
  readonly journals: Lines<StoredEntry>;
  readonly outputs: Lines<OutputChunk>;
  /** Everything, in one order. */
  readonly events: Line<ScopedEvent>;
  /** How many listen now. */
  listeners(): number;
}

export function createLive(store: Store): Live {
  const journals = new Lines<StoredEntry>();
  const outputs = new Lines<OutputChunk>();
  const events = new Line(liveEvents(store));
  return {
    journals,
    outputs,
    events,
    listeners: () => journals.listeners + outputs.listeners + events.listeners,
  };
}
