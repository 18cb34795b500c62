import { useSyncExternalStore } from 'react';

/** One clock for all relative times on the screen: they tick together, and nothing ticks while nobody looks. */
const listeners = new Set<() => void>();
const ticking = { now: Date.now(), timer: 0 };
const tickMs = 1_000;

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => ticking.now);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (ticking.timer === 0) {
    ticking.now = Date.now();
    ticking.timer = window.setInterval(tick, tickMs);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(ticking.timer);
    ticking.timer = 0;
  };
}

function tick(): void {
  ticking.now = Date.now();
  for (const listener of listeners) listener();
}
