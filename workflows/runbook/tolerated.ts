import type { RunState } from './state';

/** A run is degraded by what its steps let pass: each says so for itself, and takes it back when it is tried again. */
export function noteTolerated(path: string, exceptions: readonly string[], state: RunState): void {
  state.tolerated[path] = [...exceptions];
  settle(state);
}

export function forgetTolerated(state: RunState, isMeant: (path: string) => boolean): void {
  const meant = Object.keys(state.tolerated).filter(isMeant);
  if (meant.length === 0) return;
  for (const path of meant) delete state.tolerated[path];
  settle(state);
}

function settle(state: RunState): void {
  const all = Object.values(state.tolerated);
  state.degraded = all.length > 0;
  state.exceptions = all.flat();
}
